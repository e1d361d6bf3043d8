package org.odap.runtime.identity;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.odap.api.common.v1.CredentialScheme;

/**
 * Who is at the other end of a connection: proven by the TLS handshake, or by a token that was
 * checked, never by what a message says.
 *
 * @param certificate of the connection; the caller's own unless the scheme is another one, and none
 *     where a token alone is enough
 * @param scheme how the caller proved its identity (ODAP 5.6.2)
 */
public record Caller(
    Identity identity, Optional<X509Certificate> certificate, CredentialScheme scheme) {
  /** A caller known by the certificate of its connection. */
  public Caller(Identity identity, X509Certificate certificate) {
    this(identity, Optional.of(certificate), CredentialScheme.CREDENTIAL_SCHEME_X509);
  }

  /**
   * The certificate's public key as it stands in messages, base64url of its SPKI DER; without a
   * certificate "", which is nobody's key.
   */
  public String publicKey() {
    return certificate.map(one -> SigningKey.encode(one.getPublicKey())).orElse("");
  }
}
