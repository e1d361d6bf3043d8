package org.odap.gateway.credential;

import com.nimbusds.jwt.SignedJWT;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.TokenScheme;

/** OAuth 2.0 bearer tokens (RFC 6750) of the configured authorization servers. */
public final class OAuthTokens implements TokenScheme {
  /** Far above any sensible token; bounds what is parsed of a stranger's. */
  private static final int TOKEN_MAX = 12 << 10;

  private final Map<String, TokenIssuer> issuers;

  /** Tokens of these issuers. */
  public OAuthTokens(List<TokenIssuerConfig> issuers) {
    this.issuers =
        issuers.stream()
            .map(TokenIssuer::new)
            .collect(Collectors.toMap(TokenIssuer::name, Function.identity()));
  }

  @Override
  public CredentialScheme scheme() {
    return CredentialScheme.CREDENTIAL_SCHEME_OAUTH2;
  }

  @Override
  public String word() {
    return "Bearer";
  }

  @Override
  public Identity verify(String token, Optional<X509Certificate> connection) {
    if (token.length() > TOKEN_MAX) {
      throw new IdentityException("token: longer than " + TOKEN_MAX + " characters");
    }
    SignedJWT parsed;
    Optional<TokenIssuer> issuer;
    try {
      parsed = SignedJWT.parse(token);
      // Only to know whose keys to ask: believed once it is verified.
      issuer = Optional.ofNullable(parsed.getJWTClaimsSet().getIssuer()).map(issuers::get);
    } catch (ParseException e) {
      // Its message may quote the token.
      throw new IdentityException("token: not a signed JWT");
    }
    return issuer
        .orElseThrow(() -> new IdentityException("token: its issuer is not known here"))
        .verify(parsed, connection);
  }
}
