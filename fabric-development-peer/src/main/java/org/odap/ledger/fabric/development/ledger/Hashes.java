package org.odap.ledger.fabric.development.ledger;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.protos.common.BlockHeader;

/** The hashes that hold a chain together. */
public final class Hashes {
  private Hashes() {}

  /** SHA-256 of these parts, one after the other. */
  public static ByteString sha256(ByteString... parts) {
    return sha256(List.of(parts));
  }

  /** SHA-256 of these parts, one after the other. */
  public static ByteString sha256(List<ByteString> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      parts.forEach(part -> digest.update(part.asReadOnlyByteBuffer()));
      return ByteString.copyFrom(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is always available", e);
    }
  }

  /** Bytes as lower-case hex. */
  public static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /** A block header's DER form: what its hash and the orderer's signature are over. */
  public static ByteString der(BlockHeader header) {
    ASN1Encodable[] fields = {
      new ASN1Integer(new BigInteger(Long.toUnsignedString(header.getNumber()))),
      new DEROctetString(header.getPreviousHash().toByteArray()),
      new DEROctetString(header.getDataHash().toByteArray())
    };
    try {
      return ByteString.copyFrom(new DERSequence(fields).getEncoded("DER"));
    } catch (IOException e) {
      throw new IllegalStateException("integers and octets can be encoded", e);
    }
  }

  /** The hash by which the next block names this one. */
  public static ByteString hash(BlockHeader header) {
    return sha256(der(header));
  }
}
