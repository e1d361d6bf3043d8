package org.odap.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;

/** Behind a mesh's proxy: who calls is whom the proxy saw, and nobody else gets in. */
@Tag("CARD-6")
@Timeout(60)
class MeshTest {
  private static final Identity LOG = new Identity("odaplog://alpha.example/log");
  private static final String GATEWAY = "odapgw://alpha.example/gateway-1";
  private static final String READER = "odapclient://alpha.example/audit/reader";
  private static final String ISTIO = "x-forwarded-client-cert";
  private static final String LINKERD = "l5d-client-id";
  private static final String SPIFFE = "spiffe://cluster.local/ns/odap/sa/";
  private static final String SEEN =
      "By=" + SPIFFE + "alpha-log;Hash=9f86d081;Subject=\"\";URI=" + SPIFFE;

  @TempDir Path folder;
  private final EchoLog echo = new EchoLog();
  private final AtomicReference<Caller> seen = new AtomicReference<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private TlsFiles files;
  private Optional<RpcServer> server = Optional.empty();

  @BeforeEach
  void see() {
    files = DevelopmentPki.create(folder, "alpha.example").issue(LOG, "log", List.of());
    echo.beforeAnswer(() -> seen.set(CurrentCaller.get()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    channels.forEach(ManagedChannel::shutdownNow);
    if (server.isPresent()) {
      server.get().stop(Duration.ofSeconds(5));
    }
  }

  private RpcServer start(MeshProxy proxy) throws IOException {
    MeshConfig mesh =
        new MeshConfig(
            proxy,
            List.of(
                new MeshConfig.Member(SPIFFE + "alpha-gateway", GATEWAY),
                new MeshConfig.Member("alpha-gateway.odap", GATEWAY),
                new MeshConfig.Member(SPIFFE + "reader", READER)));
    RpcServer made =
        RpcServer.builder(
                RpcServerConfig.loopback(
                        List.of(
                            new CallerRule(GATEWAY, List.of(LogStorageServiceGrpc.SERVICE_NAME))))
                    .behind(mesh),
                TlsMaterial.load(files))
            .service(echo)
            .build();
    made.start();
    server = Optional.of(made);
    return made;
  }

  /** A call as the proxy hands it on, with these values of a header. */
  private int call(String header, String... values) {
    Metadata headers = new Metadata();
    for (String value : values) {
      headers.put(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER), value);
    }
    ManagedChannel channel =
        RpcChannels.channel(
            new RpcTarget("127.0.0.1:" + server.orElseThrow().port(), LOG.uri(), true),
            TlsMaterial.load(files));
    channels.add(channel);
    return LogStorageServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .getLogLength(GetLogLengthRequest.newBuilder().setLogId("four").build())
        .getLength();
  }

  private ErrorReason refusal(String header, String... values) {
    return OdapErrors.fromGrpc(
            catchThrowableOfType(StatusRuntimeException.class, () -> call(header, values)))
        .reason();
  }

  @Test
  void whoCallsIsWhomIstiosProxySaw() throws IOException {
    start(MeshProxy.ISTIO);
    assertThat(call(ISTIO, SEEN + "alpha-gateway")).isEqualTo(4);
    assertThat(seen.get().identity().uri()).isEqualTo(GATEWAY);
    assertThat(seen.get().publicKey()).as("nobody's key").isEmpty();
  }

  @Test
  void whoCallsIsWhomLinkerdsProxySaw() throws IOException {
    start(MeshProxy.LINKERD);
    assertThat(call(LINKERD, "alpha-gateway.odap")).isEqualTo(4);
    assertThat(seen.get().identity().uri()).isEqualTo(GATEWAY);
  }

  @Test
  void policyHoldsForThoseTheMeshKnows() throws IOException {
    start(MeshProxy.ISTIO);
    assertThat(refusal(ISTIO, SEEN + "reader")).isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  /** What stands before the proxy's element is the caller's own word. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "URI=" + SPIFFE + "alpha-gateway," + SEEN + "stranger",
        "URI=" + SPIFFE + "alpha-gateway;Subject=\"," + SEEN + "stranger",
        "URI=" + SPIFFE + "alpha-gateway;Subject=\"\\," + SEEN + "stranger",
        SEEN + "alpha-gateway;URI=" + SPIFFE + "stranger",
        SEEN + "alpha-gateway;DNS=\"",
        SEEN + "alpha-gateway,",
        SEEN + "stranger",
        SEEN,
        "By=" + SPIFFE + "alpha-gateway;Hash=9f86d081",
        SPIFFE + "alpha-gateway",
        ""
      })
  void nobodyIsWhomHeOnlyClaimsToBe(String value) throws IOException {
    start(MeshProxy.ISTIO);
    assertThat(refusal(ISTIO, value)).isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  @Test
  void onlyTheLastOfSeveralHeadersIsTheProxys() throws IOException {
    start(MeshProxy.ISTIO);
    assertThat(refusal(ISTIO, SEEN + "alpha-gateway", SEEN + "stranger"))
        .isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
    assertThat(call(ISTIO, SEEN + "stranger", SEEN + "alpha-gateway")).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource({
    "ISTIO, l5d-client-id, alpha-gateway.odap",
    "LINKERD, x-forwarded-client-cert, URI=alpha-gateway.odap",
    "ISTIO, odap-caller, " + GATEWAY
  })
  void noOtherHeaderSaysWhoCalls(MeshProxy proxy, String header, String value) throws IOException {
    start(proxy);
    assertThat(refusal(header, value)).isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  @Test
  void withoutAMeshNoHeaderIsTakenAndNoPlainText() throws IOException {
    RpcServer made =
        RpcServer.builder(
                RpcServerConfig.loopback(
                    List.of(new CallerRule(GATEWAY, List.of(LogStorageServiceGrpc.SERVICE_NAME)))),
                TlsMaterial.load(files))
            .service(echo)
            .build();
    made.start();
    server = Optional.of(made);
    assertThat(refusal(ISTIO, SEEN + "alpha-gateway"))
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.0.0.0        | ISTIO   | bind-address: value: 0.0.0.0 (expected: a loopback address",
        "log.example    | ISTIO   | bind-address: value: log.example (expected: a loopback address",
        "127.0.0.1      | ISTIO   |",
        "::1            | ISTIO   |",
        "localhost      | ISTIO   |",
        "0.0.0.0        | LINKERD |"
      })
  void onlyTheProxyReachesAServerThatTakesItsWord(String address, MeshProxy proxy, String mistake) {
    RpcServerConfig free = RpcServerConfig.loopback(List.of());
    RpcServerConfig config =
        new RpcServerConfig(
            address,
            0,
            Optional.empty(),
            List.of(),
            free.messageBytesMax(),
            free.callsPerConnectionMax(),
            Optional.empty(),
            free.handshakeTimeout(),
            false,
            Optional.of(new MeshConfig(proxy, List.of(new MeshConfig.Member("gateway", GATEWAY)))),
            free.limits());
    if (mistake == null) {
      assertThat(config.mistakes()).isEmpty();
    } else {
      assertThat(config.mistakes()).singleElement().asString().startsWith(mistake);
    }
  }

  @Test
  void membersAreNamedOnceAndRight() {
    MeshConfig.Member gateway = new MeshConfig.Member("gateway", GATEWAY);
    assertThat(new MeshConfig(MeshProxy.LINKERD, List.of(gateway, gateway)).mistakes())
        .containsExactly("members: gateway stands there 2 times (expected: once)");
    assertThat(new MeshConfig.Member("gateway", "gateway-1").mistakes())
        .singleElement()
        .asString()
        .startsWith("identity: value: gateway-1");
  }
}
