package org.odap.edge;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TokenScheme;
import org.odap.runtime.identity.TokenSchemes;
import org.odap.runtime.rpc.CallLimitsConfig;
import org.odap.runtime.rpc.RpcServer;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.rpc.RpcTarget;

/** A gRPC server and the edge of its services, on loopback ports, and callers of both kinds. */
final class EdgeFixture {
  static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  static final Identity CLIENT = new Identity("odapclient://alpha.example/treasury");
  static final Identity STRANGER = new Identity("odapclient://alpha.example/stranger");
  static final int BODY_BYTES_MAX = 16_384;

  final SampleTransfers transfers = new SampleTransfers();
  private final DevelopmentPki pki;
  private final RpcServer rpc;
  private final JsonEdge edge;
  private final HttpClient client;

  EdgeFixture(Path folder, EdgeConfig.ClientCertificate certificates) throws Exception {
    this(folder, certificates, CallLimitsConfig.standard());
  }

  EdgeFixture(Path folder, EdgeConfig.ClientCertificate certificates, CallLimitsConfig limits)
      throws Exception {
    pki = DevelopmentPki.create(folder, "alpha.example");
    TlsMaterial tls = TlsMaterial.load(pki.issue(GATEWAY, "gateway", List.of()));
    List<CallerRule> callers =
        List.of(
            new CallerRule(
                CLIENT.uri(),
                List.of(
                    "odap.client.v1.TransferService",
                    "odap.client.v1.ResourceService/GetApplicationProfile")));
    rpc =
        RpcServer.builder(RpcServerConfig.loopback(callers).limited(limits), tls)
            .service(transfers)
            .service(new SampleResources())
            .tokens(TokenSchemes.withProviders(List.of(new Password())))
            .build();
    rpc.start();
    EdgeConfig standard = EdgeConfig.loopback();
    edge =
        new JsonEdge(
            new EdgeConfig(
                standard.bindAddress(),
                0,
                Optional.of(folder.resolve("edge-port")),
                certificates,
                BODY_BYTES_MAX,
                standard.addressBytesMax(),
                Duration.ofSeconds(20),
                standard.connectionsMax()),
            "sample",
            tls,
            rpc.calls());
    edge.start();
    client = http(CLIENT);
  }

  HttpClient http(Identity caller) throws GeneralSecurityException {
    TlsMaterial tls = TlsMaterial.load(pki.issue(caller, "caller", List.of()));
    return http(new KeyManager[] {tls.keyManager()}, tls);
  }

  /** A caller that shows nothing. */
  HttpClient nobody() throws GeneralSecurityException {
    return http(new KeyManager[0], TlsMaterial.load(pki.issue(STRANGER, "stranger", List.of())));
  }

  /** A connection of the client's, for what no HTTP client does. */
  Socket connection() throws GeneralSecurityException, IOException {
    TlsMaterial tls = TlsMaterial.load(pki.issue(CLIENT, "caller", List.of()));
    return context(new KeyManager[] {tls.keyManager()}, tls)
        .getSocketFactory()
        .createSocket("localhost", edge.port());
  }

  private static HttpClient http(KeyManager[] keys, TlsMaterial tls)
      throws GeneralSecurityException {
    return HttpClient.newBuilder().sslContext(context(keys, tls)).build();
  }

  private static SSLContext context(KeyManager[] keys, TlsMaterial tls)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {tls.trustManagerFor(GATEWAY)}, null);
    return context;
  }

  HttpRequest.Builder to(String target) {
    return HttpRequest.newBuilder(URI.create("https://localhost:" + edge.port() + target))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> get(String target) throws IOException, InterruptedException {
    return send(to(target));
  }

  HttpResponse<String> post(String target, String json) throws IOException, InterruptedException {
    return send(
        to(target)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpClient client() {
    return client;
  }

  /** A channel of that caller, who expects that server here. */
  JsonChannel channel(Identity caller, Identity server) {
    return channel(material(caller), server);
  }

  /** A channel with that material. */
  JsonChannel channel(TlsMaterial tls, Identity server) {
    return new JsonChannel(new RpcTarget("localhost:" + edge.port(), server.uri()), tls);
  }

  /** What a caller of channels has; issued anew each time, in the same files. */
  TlsMaterial material(Identity caller) {
    return TlsMaterial.load(pki.issue(caller, "channel", List.of()));
  }

  int port() {
    return edge.port();
  }

  void close() throws InterruptedException {
    client.shutdownNow();
    edge.stop(Duration.ofSeconds(5));
    rpc.stop(Duration.ofSeconds(5));
  }

  /** A scheme that is as good as its only token: "Bearer sesame" is the client. */
  private static final class Password implements TokenScheme {
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
      if (!token.equals("sesame")) {
        throw new IdentityException("token: wrong");
      }
      return CLIENT;
    }
  }
}
