package org.odap.core.envelope;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Optional;

/**
 * ES256: ECDSA on P-256 with SHA-256, the signature as r||s in base64url (ODAP 5.2 "EDCSA", RFC
 * 7518 3.4).
 *
 * <p>Whoever sees a signature (r, s) can write down (r, n-s), which verifies too. Nothing here
 * relies on a signature's bytes being unique: messages and entries are told apart by their hashes,
 * and those leave signatures out.
 */
public final class Es256 {
  private static final String ALGORITHM = "SHA256withECDSAinP1363Format";
  private static final int LENGTH = 64;

  private Es256() {}

  /** Whether the signature is this key's over the bytes; a malformed key or signature is none. */
  public static boolean verify(String publicKey, byte[] bytes, String signature) {
    Optional<PublicKey> key = PublicKeys.parse(publicKey);
    Optional<byte[]> raw = Base64Url.decode(signature).filter(decoded -> decoded.length == LENGTH);
    return key.isPresent() && raw.isPresent() && verify(key.get(), bytes, raw.get());
  }

  private static boolean verify(PublicKey key, byte[] bytes, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(ALGORITHM);
      verifier.initVerify(key);
      verifier.update(bytes);
      return verifier.verify(signature);
    } catch (SignatureException e) {
      // Some providers throw on r or s out of range instead of answering false.
      return false;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no provider verifies " + ALGORITHM, e);
    }
  }
}
