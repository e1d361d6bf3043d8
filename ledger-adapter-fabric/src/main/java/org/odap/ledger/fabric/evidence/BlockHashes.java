package org.odap.ledger.fabric.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.hyperledger.fabric.protos.common.BlockData;
import org.hyperledger.fabric.protos.common.BlockHeader;

/** What a Fabric block is known by. */
public final class BlockHashes {
  private BlockHashes() {}

  /** The header as it is hashed and signed: DER of number, previous hash and data hash. */
  public static byte[] headerBytes(BlockHeader header) {
    ASN1Encodable[] fields = {
      new ASN1Integer(new BigInteger(Long.toUnsignedString(header.getNumber()))),
      new DEROctetString(header.getPreviousHash().toByteArray()),
      new DEROctetString(header.getDataHash().toByteArray())
    };
    try {
      return new DERSequence(fields).getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException("a sequence of numbers and bytes can be encoded", e);
    }
  }

  /** The block's hash, to which the next block refers. */
  public static byte[] headerHash(BlockHeader header) {
    return sha256().digest(headerBytes(header));
  }

  /** The hash over all transactions of a block, one after the other. */
  public static byte[] dataHash(BlockData data) {
    MessageDigest digest = sha256();
    data.getDataList().forEach(envelope -> digest.update(envelope.asReadOnlyByteBuffer()));
    return digest.digest();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
