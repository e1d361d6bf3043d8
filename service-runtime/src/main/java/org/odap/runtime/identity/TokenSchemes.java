package org.odap.runtime.identity;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.odap.api.common.v1.CredentialScheme;

/** The token schemes a service takes; each has a word of its own in the authorization header. */
public final class TokenSchemes {
  /** A service that takes certificates only. */
  public static final TokenSchemes NONE = new TokenSchemes(List.of());

  private final List<TokenScheme> schemes;

  private TokenSchemes(List<TokenScheme> schemes) {
    this.schemes = List.copyOf(schemes);
  }

  /** These, and those that are providers on the class path. */
  public static TokenSchemes withProviders(List<TokenScheme> schemes) {
    List<TokenScheme> all = new ArrayList<>(schemes);
    ServiceLoader.load(TokenScheme.class).forEach(all::add);
    return new TokenSchemes(all);
  }

  /** What can be negotiated: certificates, and each of these. */
  public List<CredentialScheme> negotiable() {
    List<CredentialScheme> names = new ArrayList<>();
    names.add(CredentialScheme.CREDENTIAL_SCHEME_X509);
    schemes.forEach(scheme -> names.add(scheme.scheme()));
    return names;
  }

  /**
   * The caller an authorization header makes of a connection's.
   *
   * @param certificate that the connection showed
   * @throws IdentityException when it proves nothing: who brings a token is never taken for the
   *     connection's owner instead
   */
  public Caller caller(Optional<X509Certificate> certificate, String authorization) {
    int blank = authorization.indexOf(' ');
    String word = blank < 0 ? authorization : authorization.substring(0, blank);
    Optional<TokenScheme> scheme =
        schemes.stream().filter(one -> one.word().equalsIgnoreCase(word)).findFirst();
    if (scheme.isEmpty() || blank < 0) {
      // The word is not told: it may be the token itself.
      throw new IdentityException("authorization header: no scheme that is taken here");
    }
    Identity identity =
        scheme.get().verify(authorization.substring(blank + 1).strip(), certificate);
    return new Caller(identity, certificate, scheme.get().scheme());
  }
}
