package org.odap.gateway.credential;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.resource.ClientDescriptor;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.Pem;
import org.odap.runtime.rpc.OdapException;

/**
 * Verifies the tokens of one authorization server (RFC 7519, 9068): issuer, audience, times,
 * algorithm, key, and that it speaks for a client of its own organization.
 */
final class TokenIssuer {
  private static final int CONNECT_MILLIS_MAX = 2_000;
  private static final int READ_MILLIS_MAX = 5_000;
  private static final int JWKS_BYTES_MAX = 256 << 10;

  private final TokenIssuerConfig config;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  TokenIssuer(TokenIssuerConfig config) {
    this.config = config;
    Set<JWSAlgorithm> algorithms =
        config.algorithms().stream().map(JWSAlgorithm::parse).collect(Collectors.toSet());
    processor.setJWSKeySelector(new JWSVerificationKeySelector<>(algorithms, keys(config)));
    processor.setJWSTypeVerifier(
        new DefaultJOSEObjectTypeVerifier<>(
            new com.nimbusds.jose.JOSEObjectType("at+jwt"),
            com.nimbusds.jose.JOSEObjectType.JWT,
            null));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            config.audience(),
            new JWTClaimsSet.Builder().issuer(config.issuer()).build(),
            Set.of("exp", config.clientClaim()));
    claims.setMaxClockSkew(Math.toIntExact(config.clockSkew().toSeconds()));
    processor.setJWTClaimsSetVerifier(claims);
  }

  String name() {
    return config.issuer();
  }

  Identity verify(SignedJWT token, Optional<X509Certificate> connection) {
    try {
      JWTClaimsSet claims = processor.process(token, null);
      requireBinding(claims, connection);
      return client(claims);
    } catch (RateLimitReachedException e) {
      throw new IdentityException("token: its key is not known", e);
    } catch (KeySourceException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_UNAVAILABLE,
          "the keys of the token's issuer can't be had now",
          e);
    } catch (BadJOSEException e) {
      throw new IdentityException("token: " + e.getMessage(), e);
    } catch (JOSEException | ParseException e) {
      throw new IdentityException("token: can't be verified", e);
    }
  }

  private Identity client(JWTClaimsSet claims) throws ParseException {
    String named = Optional.ofNullable(claims.getStringClaim(config.clientClaim())).orElse("");
    return ClientDescriptor.parse(named)
        .filter(client -> client.organization().equals(config.organization()))
        .map(client -> new Identity(named))
        .orElseThrow(() ->
            new IdentityException(
                "token: claim "
                    + config.clientClaim()
                    + " names no client of "
                    + config.organization()));
  }

  /** A bound token is of use only over the connection it was given for (RFC 8705 3). */
  private void requireBinding(JWTClaimsSet claims, Optional<X509Certificate> connection)
      throws ParseException {
    Map<String, Object> confirmation = claims.getJSONObjectClaim("cnf");
    if (confirmation == null) {
      if (config.certificateBound()) {
        throw new IdentityException("token: not bound to a certificate");
      }
      return;
    }
    if (connection
        .map(TokenIssuer::thumbprint)
        .filter(shown -> shown.equals(confirmation.get("x5t#S256")))
        .isEmpty()) {
      // Bound to something else, or in a way we don't know: then it proves nothing here.
      throw new IdentityException("token: bound to another certificate than the connection's");
    }
  }

  private static String thumbprint(X509Certificate certificate) {
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that came over TLS has an encoding", e);
    }
  }

  private static JWKSource<SecurityContext> keys(TokenIssuerConfig config) {
    if (config.jwksFile().isPresent()) {
      Path file = config.jwksFile().get();
      return (selector, context) -> {
        try {
          return selector.select(JWKSet.load(file.toFile()));
        } catch (IOException | ParseException e) {
          throw new KeySourceException("JWK set can't be read: " + file, e);
        }
      };
    }
    return fetched(config.jwksUrl().orElseThrow(), config.jwksTrusted());
  }

  /** Kept for minutes; a key that is not among them is looked for anew, though not too often. */
  private static JWKSource<SecurityContext> fetched(URI url, Optional<Path> trusted) {
    try {
      return JWKSourceBuilder.create(
              url.toURL(),
              new DefaultResourceRetriever(
                  CONNECT_MILLIS_MAX,
                  READ_MILLIS_MAX,
                  JWKS_BYTES_MAX,
                  true,
                  trusted.map(TokenIssuer::trusting).orElse(null)))
          .retrying(true)
          .build();
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("checked to be https", e);
    }
  }

  private static SSLSocketFactory trusting(Path authorities) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      for (X509Certificate authority : Pem.certificates(authorities)) {
        store.setCertificateEntry(authority.getSerialNumber().toString(), authority);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("an empty key store takes certificates", e);
    }
  }
}
