package org.odap.core.envelope;

/** Holds a gateway's signing key, which never leaves it (ODAP 5.2 "Message signature"). */
public interface Signer {
  /** Public key, base64url of the SPKI DER without padding. */
  String publicKey();

  /** ES256 signature over the bytes: r||s, base64url without padding. */
  String sign(byte[] bytes);
}
