package org.odap.gateway.credential;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** An authorization server whose tokens are taken for clients of one organization. */
public record TokenIssuerConfig(
    @Description("its name, as in the claim iss") @Bounds(min = "1", max = "1024") String issuer,
    @Description("what the claim aud must name: this gateway") @Bounds(min = "1", max = "1024")
        String audience,
    @Description("whose clients it may speak for, as in odapclient://ORGANIZATION/...")
        @Bounds(min = "1", max = "253")
        String organization,
    @Description("claim that holds the client's odapclient identity") @Default("sub")
        String clientClaim,
    @Description("its keys, a JWK set; read anew at each token") Optional<Path> jwksFile,
    @Description("where its keys are fetched, https") Optional<URI> jwksUrl,
    @Description(
            "whom that server's certificate must be issued by, PEM; without it whom Java trusts")
        Optional<Path> jwksTrusted,
    @Description("signature algorithms taken; empty = ES256, RS256 and PS256")
        List<String> algorithms,
    @Description("take only tokens bound to the connection's certificate (RFC 8705)")
        @Default("false")
        boolean certificateBound,
    @Description("how far its clock may be off") @Default("30s") @Bounds(max = "5m")
        Duration clockSkew)
    implements Checked {
  /** Those with a private key: a public one must never be good for making tokens. */
  private static final Set<String> ASYMMETRIC =
      Set.of("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512");

  public TokenIssuerConfig {
    algorithms = algorithms.isEmpty() ? List.of("ES256", "RS256", "PS256") : algorithms;
  }

  @Override
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (jwksFile.isPresent() == jwksUrl.isPresent()) {
      mistakes.add("jwks-file: one of jwks-file and jwks-url is needed");
    }
    jwksUrl
        .filter(url -> !"https".equals(url.getScheme()))
        .ifPresent(url -> mistakes.add("jwks-url: value: " + url + " (expected: https://...)"));
    for (String algorithm : algorithms) {
      if (!ASYMMETRIC.contains(algorithm)) {
        mistakes.add(
            "algorithms: value: "
                + algorithm
                + " (expected: one of "
                + ASYMMETRIC.stream().sorted().toList()
                + ")");
      }
    }
    return mistakes;
  }
}
