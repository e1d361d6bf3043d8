package org.odap.ledger.fabric.development.membership;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.hyperledger.fabric.protos.common.SignatureHeader;
import org.hyperledger.fabric.protos.msp.SerializedIdentity;
import org.odap.runtime.identity.Pem;

/** A node that signs: a peer its endorsements, an orderer its blocks. */
public final class SigningIdentity {
  private static final int NONCE_BYTES = 24;

  private final String mspId;
  private final PrivateKey key;
  private final ByteString serialized;
  private final SecureRandom random = new SecureRandom();

  private SigningIdentity(String mspId, X509Certificate certificate, PrivateKey key) {
    this.mspId = mspId;
    this.key = key;
    this.serialized =
        SerializedIdentity.newBuilder()
            .setMspid(mspId)
            .setIdBytes(ByteString.copyFromUtf8(Pem.text(certificate)))
            .build()
            .toByteString();
  }

  /** The identity of an MSP folder. */
  public static SigningIdentity read(String mspId, Path msp) throws IOException {
    return new SigningIdentity(
        mspId,
        Pem.certificates(msp.resolve("signcerts/cert.pem")).getFirst(),
        CertificateAuthority.readKey(msp.resolve("keystore/key.pem")));
  }

  public String mspId() {
    return mspId;
  }

  /** The identity as it stands in endorsements and signature headers. */
  public ByteString serialized() {
    return serialized;
  }

  /** A signature header of this identity with a fresh nonce. */
  public SignatureHeader signatureHeader() {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    return SignatureHeader.newBuilder()
        .setCreator(serialized)
        .setNonce(ByteString.copyFrom(nonce))
        .build();
  }

  /** Signs in the form Fabric takes. */
  public ByteString sign(ByteString message) {
    try {
      Signature signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(key);
      signer.update(message.asReadOnlyByteBuffer());
      return ByteString.copyFrom(LowS.of(signer.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("P-256 signing is always available", e);
    }
  }
}
