package org.odap.runtime.identity;

import java.security.cert.X509Certificate;

/**
 * Who is at the other end of a mutually authenticated connection: proven by the TLS handshake,
 * never by what a message says.
 */
public record Caller(Identity identity, X509Certificate certificate) {
  /** The certificate's public key as it stands in messages: base64url of its SPKI DER. */
  public String publicKey() {
    return SigningKey.encode(certificate.getPublicKey());
  }
}
