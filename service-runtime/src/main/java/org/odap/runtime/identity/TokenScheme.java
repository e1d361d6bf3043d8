package org.odap.runtime.identity;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.odap.api.common.v1.CredentialScheme;

/**
 * A way to prove an identity by a token, with or without a certificate (ODAP 5.6.2). A service
 * takes those it is wired with, and those it finds on the class path as providers of this interface
 * ({@link java.util.ServiceLoader}): that is where SAML plugs in.
 */
public interface TokenScheme {
  /** The scheme's name in negotiations. */
  CredentialScheme scheme();

  /** First word of the authorization header that brings its tokens, such as "Bearer". */
  String word();

  /**
   * Who a token speaks for.
   *
   * @param token what follows the word; no part of it may be in what is thrown or logged
   * @param connection certificate of the connection it came over, if it showed one
   * @throws IdentityException when it proves nothing, saying why
   * @throws org.odap.runtime.rpc.OdapException UNAVAILABLE when that can't be found out now
   */
  Identity verify(String token, Optional<X509Certificate> connection);
}
