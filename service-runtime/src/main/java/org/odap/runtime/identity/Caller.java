package org.odap.runtime.identity;

import java.security.cert.X509Certificate;
import org.odap.api.common.v1.CredentialScheme;

/**
 * Who is at the other end of a mutually authenticated connection: proven by the TLS handshake, or
 * by a token that was checked, never by what a message says.
 *
 * @param certificate of the connection; the caller's own unless the scheme is another one
 * @param scheme how the caller proved its identity (ODAP 5.6.2)
 */
public record Caller(Identity identity, X509Certificate certificate, CredentialScheme scheme) {
  /** A caller known by the certificate of its connection. */
  public Caller(Identity identity, X509Certificate certificate) {
    this(identity, certificate, CredentialScheme.CREDENTIAL_SCHEME_X509);
  }

  /** The certificate's public key as it stands in messages: base64url of its SPKI DER. */
  public String publicKey() {
    return SigningKey.encode(certificate.getPublicKey());
  }
}
