package org.odap.runtime.identity;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * A gateway's ECDSA P-256 key: signs messages and log entries (ODAP 5.2), and is the key of its TLS
 * certificate.
 */
public final class SigningKey {
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
  private static final int P256_BITS = 256;

  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private final String publicKeyText;

  private SigningKey(PrivateKey privateKey, PublicKey publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey;
    this.publicKeyText = encode(publicKey);
  }

  /** Takes a pair and proves that its halves belong together. */
  public static SigningKey of(PrivateKey privateKey, PublicKey publicKey) {
    SigningKey key = new SigningKey(privateKey, publicKey);
    byte[] probe = {1};
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(publicKey);
      verifier.update(probe);
      if (verifier.verify(Base64.getUrlDecoder().decode(key.sign(probe)))) {
        return key;
      }
    } catch (GeneralSecurityException e) {
      throw new IdentityException("private and public key can't be used together", e);
    }
    throw new IdentityException("the private key does not belong to the public key");
  }

  /** Reads a PKCS#8 PEM file and computes the public half. */
  public static SigningKey read(Path file) {
    PrivateKey privateKey = Pem.privateKey(file);
    return of(privateKey, publicKeyOf(privateKey, file));
  }

  /** A public key as it stands in messages: base64url, no padding, of its SPKI DER. */
  public static String encode(PublicKey key) {
    return BASE64URL.encodeToString(key.getEncoded());
  }

  /** r and s (32 bytes each) of the signature over the SHA-256 of the bytes, as base64url. */
  public String sign(byte[] bytes) {
    try {
      Signature signer = Signature.getInstance(ALGORITHM);
      signer.initSign(privateKey);
      signer.update(bytes);
      return BASE64URL.encodeToString(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the signing key was checked when it was made", e);
    }
  }

  /** The public half as it stands in messages. */
  public String publicKey() {
    return publicKeyText;
  }

  /** The public half for a verifier. */
  public PublicKey verificationKey() {
    return publicKey;
  }

  PrivateKey privateKey() {
    return privateKey;
  }

  private static PublicKey publicKeyOf(PrivateKey key, Path file) {
    if (!(key instanceof ECPrivateKey ec)
        || ec.getParams().getCurve().getField().getFieldSize() != P256_BITS) {
      throw new IdentityException(file + ": holds another kind of key (expected: P-256)");
    }
    X9ECParameters curve = ECNamedCurveTable.getByOID(SECObjectIdentifiers.secp256r1);
    byte[] point = curve.getG().multiply(ec.getS()).normalize().getEncoded(false);
    AlgorithmIdentifier algorithm =
        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);
    try {
      byte[] spki = new SubjectPublicKeyInfo(algorithm, point).getEncoded();
      return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(spki));
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IdentityException(file + ": public key can't be computed", e);
    }
  }
}
