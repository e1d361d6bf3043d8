package org.odap.gateway.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.client.v1.DescribeGatewayRequest;
import org.odap.api.client.v1.DescribeGatewayResponse;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TokenSchemes;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServer;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.rpc.RpcTarget;

/** Tokens of an authorization server, sound ones and forged (ODAP 5.6.2, RFC 8725). */
@Tag("ODAP-6")
class OAuthTokensTest {
  private static final int DAMAGED_TOKENS = 20_000;

  /** So much of a token in a message is no accident. */
  private static final int LEAK_MIN = 20;

  private static final long DAMAGE_SEED = 20_211_110;

  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  private static final Identity PROXY =
      new Identity("odapclient://alpha.example/gateway-1.alpha.example/web/proxy");

  @TempDir static Path folder;
  private static DevelopmentPki pki;
  private static TlsMaterial gateway;
  private static TlsMaterial proxy;

  private AuthorizationServer server;

  @BeforeAll
  static void makeCertificates() {
    pki = DevelopmentPki.create(folder.resolve("pki"), "alpha.example");
    gateway = TlsMaterial.load(pki.issue(GATEWAY, "gateway", List.of()));
    proxy = TlsMaterial.load(pki.issue(PROXY, "proxy", List.of()));
  }

  @BeforeEach
  void startServer() throws Exception {
    server = new AuthorizationServer(gateway);
  }

  @AfterEach
  void stopServer() {
    server.close();
  }

  private OAuthTokens tokens(boolean bound) {
    TokenIssuerConfig config =
        new TokenIssuerConfig(
            server.issuer(),
            AuthorizationServer.AUDIENCE,
            "alpha.example",
            "sub",
            Optional.empty(),
            Optional.of(server.keysAt()),
            Optional.of(pki.entityCertificate()),
            List.of("ES256"),
            bound,
            Duration.ofSeconds(5));
    assertThat(config.mistakes()).isEmpty();
    return new OAuthTokens(List.of(config));
  }

  private static Optional<X509Certificate> connection() {
    return Optional.of(proxy.certificate());
  }

  private void assertRefused(String what, String token) {
    OAuthTokens tokens = tokens(false);
    assertThatThrownBy(() -> tokens.verify(token, connection()))
        .as(what)
        .isInstanceOf(IdentityException.class)
        .hasMessageStartingWith("token: ")
        .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain(token));
  }

  private void assertClaimsRefused(String what, UnaryOperator<JWTClaimsSet.Builder> change) {
    assertRefused(what, server.token(change.apply(server.claims())));
  }

  @Test
  void aSoundTokenSpeaksForItsClient() {
    assertThat(tokens(false).verify(server.token(server.claims()), Optional.empty()).uri())
        .isEqualTo(tokens(false).verify(server.token(server.claims()), connection()).uri());
    assertThat(tokens(false).verify(server.token(server.claims()), connection()).uri())
        .isEqualTo(AuthorizationServer.CLIENT);
  }

  @Test
  void eachWrongClaimIsRefused() {
    assertClaimsRefused("issuer", claims -> claims.issuer("https://evil.example"));
    assertClaimsRefused("no issuer", claims -> claims.issuer(null));
    assertClaimsRefused("audience", claims -> claims.audience("odapgw://beta.example/gateway-1"));
    assertClaimsRefused("no audience", claims -> claims.audience((String) null));
    assertClaimsRefused(
        "expired", claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(60))));
    assertClaimsRefused("no expiry", claims -> claims.expirationTime(null));
    assertClaimsRefused(
        "not yet", claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(60))));
    assertClaimsRefused("no client", claims -> claims.subject(null));
    assertClaimsRefused("no descriptor", claims -> claims.subject("clerk"));
    assertClaimsRefused(
        "another organization's client",
        claims -> claims.subject(AuthorizationServer.CLIENT.replace("alpha", "beta")));
    assertClaimsRefused("a gateway", claims -> claims.subject(GATEWAY.uri()));
  }

  @Test
  void aDamagedTokenProvesNothingAndBreaksNothing() {
    Random random = new Random(DAMAGE_SEED);
    OAuthTokens tokens = tokens(false);
    String sound = server.token(server.claims());
    int refused = 0;
    for (int i = 0; i < DAMAGED_TOKENS; i++) {
      String damaged = random.nextBoolean() ? spoiled(sound, random) : strange(sound, random);
      try {
        // A character may stand for bits that nobody reads: then the token is still the same.
        assertThat(tokens.verify(damaged, connection()).uri())
            .isEqualTo(AuthorizationServer.CLIENT);
      } catch (IdentityException e) {
        refused++;
        assertThat(e.getMessage()).startsWith("token: ");
        if (damaged.length() > LEAK_MIN) {
          assertThat(e.getMessage()).doesNotContain(damaged.substring(0, LEAK_MIN));
        }
      }
    }
    assertThat(refused).isGreaterThan(DAMAGED_TOKENS * 9 / 10);
    System.out.println(DAMAGED_TOKENS + " damaged tokens, " + refused + " refused");
  }

  /** The token with a few of its characters changed, doubled or missing. */
  private static String spoiled(String token, Random random) {
    StringBuilder text = new StringBuilder(token);
    for (int changes = 1 + random.nextInt(3); changes > 0 && !text.isEmpty(); changes--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(0x20, 0x300));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, text.charAt(random.nextInt(text.length())));
        default -> text.setLength(Math.max(1, at));
      }
    }
    return text.toString();
  }

  /** The token with a value of its header or claims that is of another kind. */
  private static String strange(String token, Random random) {
    String[] parts = token.split("\\.");
    int part = random.nextInt(2);
    String json = new Base64URL(parts[part]).decodeToString();
    String[] kinds = {"null", "7", "-1e400", "[]", "{}", "[[[]]]", "true", "\"\"", "{\"a\":null}"};
    String[] values = json.split("(?<=:)");
    int at = 1 + random.nextInt(values.length - 1);
    values[at] =
        kinds[random.nextInt(kinds.length)] + values[at].replaceFirst("^(\"[^\"]*\"|[^,}\"]+)", "");
    parts[part] = Base64URL.encode(String.join("", values)).toString();
    return String.join(".", parts);
  }

  @Test
  void eachForgedSignatureIsRefused() throws JOSEException {
    String sound = server.token(server.claims());
    String[] parts = sound.split("\\.", -1);
    assertRefused("no JWT", "abc");
    assertRefused("alg none", new PlainJWT(server.claims().build()).serialize());
    assertRefused(
        "alg none with a signature",
        Base64URL.encode("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]);
    assertRefused("no signature", parts[0] + "." + parts[1] + ".");
    assertRefused(
        "other claims under the signature",
        parts[0]
            + "."
            + Base64URL.encode(
                server.claims().subject("odapclient:alpha.example/a/b/c").build().toString())
            + "."
            + parts[2]);
    assertRefused(
        "unknown key",
        AuthorizationServer.token(
            server.claims(), new ECKeyGenerator(Curve.P_256).keyID("stranger").generate()));
    assertRefused(
        "another key under the known id",
        AuthorizationServer.token(
            server.claims(),
            new ECKeyGenerator(Curve.P_256).keyID(server.key().getKeyID()).generate()));
    SignedJWT confused =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(server.key().getKeyID()).build(),
            server.claims().build());
    confused.sign(
        new MACSigner(server.key().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
    assertRefused("the public key as a shared one", confused.serialize());
  }

  @Test
  void aNewKeyIsFoundAndAnOldOneForgotten() {
    OAuthTokens tokens = tokens(false);
    String before = server.token(server.claims());
    tokens.verify(before, connection());
    tokens.verify(server.token(server.claims()), connection());
    assertThat(server.timesAsked()).isEqualTo(1);

    server.rotate();

    assertThat(tokens.verify(server.token(server.claims()), connection()).uri())
        .isEqualTo(AuthorizationServer.CLIENT);
    assertThat(server.timesAsked()).isEqualTo(2);
    assertThatThrownBy(() -> tokens.verify(before, connection()))
        .isInstanceOf(IdentityException.class);
  }

  @Test
  void withoutItsIssuersKeysNothingIsDecided() {
    OAuthTokens tokens = tokens(false);
    String token = server.token(server.claims());
    server.close();

    assertThat(
            catchThrowableOfType(OdapException.class, () -> tokens.verify(token, connection()))
                .reason())
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  @Test
  void aBoundTokenIsOfUseOverItsConnectionOnly() throws Exception {
    Base64URL own =
        Base64URL.encode(
            MessageDigest.getInstance("SHA-256").digest(proxy.certificate().getEncoded()));
    String bound = server.token(server.claims().claim("cnf", Map.of("x5t#S256", own.toString())));

    assertThat(tokens(true).verify(bound, connection()).uri())
        .isEqualTo(AuthorizationServer.CLIENT);
    assertThatThrownBy(() -> tokens(true).verify(bound, Optional.of(gateway.certificate())))
        .hasMessageContaining("another certificate");
    assertThatThrownBy(() -> tokens(false).verify(bound, Optional.of(gateway.certificate())))
        .hasMessageContaining("another certificate");
    assertThatThrownBy(() -> tokens(false).verify(bound, Optional.empty()))
        .isInstanceOf(IdentityException.class);
    assertThatThrownBy(() -> tokens(true).verify(server.token(server.claims()), connection()))
        .hasMessageContaining("not bound");
  }

  @Test
  void onlyAlgorithmsWithAPrivateKeyCanBeConfigured() {
    assertThat(
            new TokenIssuerConfig(
                    "i",
                    "a",
                    "o",
                    "sub",
                    Optional.empty(),
                    Optional.of(server.keysAt().resolve("http://x/")),
                    Optional.empty(),
                    List.of("HS256", "none"),
                    false,
                    Duration.ZERO)
                .mistakes())
        .hasSize(3);
  }

  /** What a service makes of it: the token's client calls, or nobody does. */
  @Test
  void aServiceTakesTheTokenOrNobody() throws Exception {
    String scope = TransferServiceGrpc.SERVICE_NAME;
    RpcServer service =
        RpcServer.builder(
                RpcServerConfig.loopback(
                    List.of(
                        new CallerRule(AuthorizationServer.CLIENT, List.of(scope)),
                        new CallerRule(PROXY.uri(), List.of(scope)))),
                gateway)
            .service(new WhoCalls())
            .tokens(TokenSchemes.withProviders(List.of(tokens(false))))
            .build();
    service.start();
    ManagedChannel channel =
        RpcChannels.channel(new RpcTarget("127.0.0.1:" + service.port(), GATEWAY.uri()), proxy);
    try {
      assertThat(calling(channel, Optional.empty())).isEqualTo(PROXY.uri() + " X509");
      assertThat(calling(channel, Optional.of("Bearer " + server.token(server.claims()))))
          .isEqualTo(AuthorizationServer.CLIENT + " OAUTH2");
      for (String wrong :
          List.of(
              "Bearer " + server.token(server.claims().audience("x")),
              "Bearer x",
              "Bearer",
              "Basic YWxhZGRpbjpvcGVuc2VzYW1l",
              "")) {
        OdapException refusal =
            catchThrowableOfType(
                OdapException.class,
                () -> OdapErrors.calling(() -> calling(channel, Optional.of(wrong))));
        assertThat(refusal.reason()).as(wrong).isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
      }
    } finally {
      channel.shutdownNow();
      service.stop(Duration.ofSeconds(2));
    }
  }

  private static String calling(ManagedChannel channel, Optional<String> authorization) {
    Metadata headers = new Metadata();
    authorization.ifPresent(value ->
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), value));
    return TransferServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .describeGateway(DescribeGatewayRequest.getDefaultInstance())
        .getGateway();
  }

  /** Answers with whom it takes its caller for. */
  private static final class WhoCalls extends TransferServiceGrpc.TransferServiceImplBase {
    @Override
    public void describeGateway(
        DescribeGatewayRequest request, StreamObserver<DescribeGatewayResponse> observer) {
      CredentialScheme scheme = CurrentCaller.get().scheme();
      Answers.answer(
          observer,
          DescribeGatewayResponse.newBuilder()
              .setGateway(
                  CurrentCaller.get().identity()
                      + " "
                      + scheme.name().substring("CREDENTIAL_SCHEME_".length()))
              .build());
    }
  }
}
