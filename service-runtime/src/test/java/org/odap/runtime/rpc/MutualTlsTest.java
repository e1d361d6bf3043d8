package org.odap.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.GetLastEntryRequest;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TrustedOrganization;

/** Real handshakes on loopback: who gets in, and how the others are told. */
@Timeout(60)
class MutualTlsTest {
  private static final Identity LOG = new Identity("odaplog://alpha.example/log");
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  private static final Identity STRANGER = new Identity("odapgw://alpha.example/gateway-2");
  private static final Identity READER = new Identity("odapclient://alpha.example/audit/reader");
  private static final Identity PEER = new Identity("odapgw://beta.example/gateway-1");
  private static final String SERVICE = "odap.log.v1.LogStorageService";

  @TempDir Path folder;
  private DevelopmentPki alpha;
  private DevelopmentPki beta;
  private DevelopmentPki forger;
  private RpcServer server;
  private TlsMaterial serverTls;
  private final EchoLog echo = new EchoLog();
  private final ServiceHealth health = new ServiceHealth();
  private final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    alpha = DevelopmentPki.create(folder.resolve("alpha"), "alpha.example");
    beta = DevelopmentPki.create(folder.resolve("beta"), "beta.example");
    // An authority that issues in alpha's name; the server trusts it, but for beta only.
    forger = DevelopmentPki.create(folder.resolve("forger"), "alpha.example");
    server = start(false);
  }

  private RpcServer start(boolean allowTls12) throws IOException {
    return start(allowTls12, Optional.empty());
  }

  private RpcServer start(boolean allowTls12, Optional<Duration> connectionAgeMax)
      throws IOException {
    List<CallerRule> callers =
        List.of(
            new CallerRule(GATEWAY.uri(), List.of(SERVICE)),
            new CallerRule(PEER.uri(), List.of(SERVICE)),
            new CallerRule("odapclient://alpha.example/*", List.of(SERVICE + "/GetLastEntry")));
    RpcServerConfig standard = RpcServerConfig.loopback(callers);
    RpcServerConfig config =
        new RpcServerConfig(
            standard.bindAddress(),
            0,
            Optional.empty(),
            callers,
            standard.messageBytesMax(),
            standard.callsPerConnectionMax(),
            connectionAgeMax,
            standard.handshakeTimeout(),
            allowTls12,
            Optional.empty(),
            standard.limits());
    serverTls =
        TlsMaterial.load(
            alpha.issue(
                LOG,
                "log",
                List.of(
                    beta.asTrusted(),
                    new TrustedOrganization("beta.example", forger.entityCertificate()))));
    RpcServer made =
        RpcServer.builder(config, serverTls).service(echo).service(health.grpcService()).build();
    made.start();
    return made;
  }

  @AfterEach
  void stop() throws InterruptedException {
    channels.forEach(ManagedChannel::shutdownNow);
    server.stop(Duration.ofSeconds(5));
  }

  private ManagedChannel channel(TlsFiles files, Identity expected) {
    ManagedChannel channel =
        RpcChannels.channel("127.0.0.1", server.port(), TlsMaterial.load(files), expected);
    channels.add(channel);
    return channel;
  }

  private ManagedChannel channelOf(Identity identity) {
    return channel(alpha.issue(identity, "caller", List.of()), LOG);
  }

  private static int lengthOf(ManagedChannel channel, String id) {
    return EchoLog.lengthOf(channel, id);
  }

  private static OdapException refusalOf(ManagedChannel channel) {
    return OdapErrors.fromGrpc(
        catchThrowableOfType(StatusRuntimeException.class, () -> lengthOf(channel, "x")));
  }

  @Test
  @Tag("CARD-3")
  void aKnownCallerIsServedAndKnownByItsCertificate() {
    AtomicReference<Caller> seen = new AtomicReference<>();
    echo.beforeAnswer(() -> seen.set(CurrentCaller.get()));
    TlsFiles files = alpha.issue(GATEWAY, "gateway", List.of());

    assertThat(lengthOf(channel(files, LOG), "four")).isEqualTo(4);

    assertThat(seen.get().identity()).isEqualTo(GATEWAY);
    assertThat(seen.get().publicKey()).isEqualTo(TlsMaterial.load(files).signingKey().publicKey());
  }

  @Test
  @Tag("CARD-3")
  void anotherOrganizationsCallerIsServedWhenItIsTrustedAndNamed() {
    TlsFiles files = beta.issue(PEER, "gateway", List.of(alpha.asTrusted()));
    assertThat(lengthOf(channel(files, LOG), "four")).isEqualTo(4);
  }

  @Test
  @Tag("CARD-3")
  void aCallerNobodyNamedIsUnknown() {
    assertThat(refusalOf(channelOf(STRANGER)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  @Test
  @Tag("CARD-3")
  void aCallerNamedForOtherMethodsIsDenied() {
    ManagedChannel channel = channelOf(READER);
    assertThat(refusalOf(channel).reason()).isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
    // The method it is named for is reached: nobody wrote it, so gRPC itself says unimplemented.
    assertThatThrownBy(() ->
            LogStorageServiceGrpc.newBlockingStub(channel)
                .getLastEntry(GetLastEntryRequest.getDefaultInstance()))
        .hasMessageContaining("UNIMPLEMENTED");
  }

  @Test
  @Tag("CARD-3")
  void aCertificateOfAnUnknownOrganizationEndsTheHandshake() {
    DevelopmentPki gamma = DevelopmentPki.create(folder.resolve("gamma"), "gamma.example");
    TlsFiles files =
        gamma.issue(
            new Identity("odapgw://gamma.example/gateway-1"),
            "gateway",
            List.of(alpha.asTrusted()));
    assertThat(refusalOf(channel(files, LOG)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  @Test
  @Tag("CARD-3")
  void aTrustedOrganizationCanNotNameOurIdentities() {
    TlsFiles forged = forger.issue(GATEWAY, "forged", List.of(alpha.asTrusted()));
    assertThat(refusalOf(channel(forged, LOG)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  @Test
  @Tag("CARD-3")
  void aServerThatIsNotTheOneExpectedIsNotCalled() {
    TlsFiles files = alpha.issue(GATEWAY, "gateway", List.of());
    OdapException refusal =
        refusalOf(channel(files, new Identity("odaplog://alpha.example/other")));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(refusal)
        .hasRootCauseMessage(
            "server is odaplog://alpha.example/log (expected: odaplog://alpha.example/other)");
  }

  @Test
  @Tag("CARD-3")
  void withoutACertificateNothingIsAnswered() {
    assertThatThrownBy(() -> handshakeAndRead("TLSv1.3", new KeyManager[0]))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("certificate");
  }

  @Test
  @Tag("ODAP-5")
  void tls13IsSpokenAndTls12IsRefused() throws Exception {
    KeyManager[] gateway = {
      TlsMaterial.load(alpha.issue(GATEWAY, "gateway", List.of())).keyManager()
    };
    assertThat(handshakeAndRead("TLSv1.3", gateway)).isEqualTo("TLSv1.3");
    assertThatThrownBy(() -> handshakeAndRead("TLSv1.2", gateway))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("protocol_version");
  }

  @Test
  @Tag("ODAP-5")
  void tls12IsSpokenOnlyWhereItIsConfigured() throws Exception {
    server.stop(Duration.ofSeconds(5));
    server = start(true);
    KeyManager[] gateway = {
      TlsMaterial.load(alpha.issue(GATEWAY, "gateway", List.of())).keyManager()
    };
    assertThat(handshakeAndRead("TLSv1.2", gateway)).isEqualTo("TLSv1.2");
  }

  /** Speaks TLS without gRPC; reads a byte, because TLS 1.3 tells of a bad client only then. */
  private String handshakeAndRead(String protocol, KeyManager[] keys) throws Exception {
    TlsMaterial tls = TlsMaterial.load(alpha.issue(STRANGER, "plain", List.of()));
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, new TrustManager[] {tls.trustManager()}, new SecureRandom());
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
      var parameters = socket.getSSLParameters();
      parameters.setProtocols(new String[] {protocol});
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout(10_000);
      socket.startHandshake();
      // The server's HTTP/2 settings, or its alert.
      assertThat(socket.getInputStream().read()).isNotNegative();
      return socket.getSession().getProtocol();
    }
  }

  @Test
  @Tag("CARD-3")
  void renewedCertificatesAreUsedWithoutARestart() throws IOException {
    TlsFiles files = alpha.issue(GATEWAY, "gateway", List.of());
    TlsMaterial tls = TlsMaterial.load(files);
    String before = tls.signingKey().publicKey();
    AtomicReference<Caller> seen = new AtomicReference<>();
    echo.beforeAnswer(() -> seen.set(CurrentCaller.get()));

    assertThat(tls.reloadIfChanged()).isFalse();
    alpha.issue(GATEWAY, "gateway", List.of());
    assertThat(tls.reloadIfChanged()).isTrue();
    ManagedChannel channel = RpcChannels.channel("127.0.0.1", server.port(), tls, LOG);
    channels.add(channel);
    lengthOf(channel, "x");

    assertThat(seen.get().publicKey()).isEqualTo(tls.signingKey().publicKey()).isNotEqualTo(before);

    Files.writeString(files.key(), "not a key");
    assertThat(tls.reloadIfChanged()).as("unusable material stays out").isFalse();
    assertThat(seen.get().publicKey()).isEqualTo(tls.signingKey().publicKey());
  }

  @Test
  @Tag("CARD-3")
  void anOrganizationThatIsTrustedNoLongerLosesItsOpenConnectionsToo() throws IOException {
    ManagedChannel channel = channel(beta.issue(PEER, "gateway", List.of(alpha.asTrusted())), LOG);
    assertThat(lengthOf(channel, "four")).isEqualTo(4);

    // Another authority takes the place of beta's, as after a compromise.
    Files.copy(
        forger.entityCertificate(), beta.entityCertificate(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(serverTls.reloadIfChanged()).isTrue();

    assertThat(refusalOf(channel).reason()).isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  @Test
  @Tag("CARD-3")
  void whoHasRenewedItsCertificateGoesOnWhenItsOldAuthorityIsTrustedNoLonger() throws Exception {
    AtomicReference<Caller> seen = new AtomicReference<>();
    echo.beforeAnswer(() -> seen.set(CurrentCaller.get()));
    TlsFiles files = beta.issue(PEER, "gateway", List.of(alpha.asTrusted()));
    TlsMaterial tls = TlsMaterial.load(files);
    ManagedChannel channel = RpcChannels.channel("127.0.0.1", server.port(), tls, LOG);
    channels.add(channel);
    assertThat(lengthOf(channel, "four")).isEqualTo(4);
    DevelopmentPki next = DevelopmentPki.create(folder.resolve("next"), "beta.example");
    String nextEntity = Files.readString(next.entityCertificate());

    Files.writeString(beta.entityCertificate(), nextEntity, StandardOpenOption.APPEND);
    assertThat(serverTls.reloadIfChanged()).isTrue();
    TlsFiles renewed = next.issue(PEER, "gateway", List.of());
    Files.move(renewed.key(), files.key(), StandardCopyOption.REPLACE_EXISTING);
    Files.move(renewed.certificate(), files.certificate(), StandardCopyOption.REPLACE_EXISTING);
    assertThat(tls.reloadIfChanged()).isTrue();
    assertThat(lengthOf(channel, "four")).isEqualTo(4);
    Files.writeString(beta.entityCertificate(), nextEntity);
    assertThat(serverTls.reloadIfChanged()).isTrue();

    assertThat(lengthOf(channel, "four")).isEqualTo(4);
    assertThat(seen.get().certificate()).contains(tls.certificate());
  }

  @Test
  @Tag("CARD-6")
  void aStopLetsUnaryCallsEndAndDoesNotWaitForStreams() throws Exception {
    ManagedChannel channel = channelOf(GATEWAY);
    CountDownLatch arrived = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    echo.beforeAnswer(() -> {
      arrived.countDown();
      stopping(stopped);
    });
    HealthGrpc.newBlockingStub(channel).watch(HealthCheckRequest.getDefaultInstance()).next();
    var answer =
        LogStorageServiceGrpc.newFutureStub(channel)
            .getLogLength(GetLogLengthRequest.newBuilder().setLogId("four").build());
    arrived.await();

    int port = server.port();
    Thread stop = Thread.startVirtualThread(this::stopForAnHour);
    // Only once the server takes no calls any more may the one under way go on.
    while (acceptsConnections(port)) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
    stopped.countDown();

    assertThat(answer.get(20, TimeUnit.SECONDS).getLength()).isEqualTo(4);
    assertThat(stop.join(Duration.ofSeconds(20)))
        .as("the stream did not hold up the stop")
        .isTrue();
  }

  @Test
  @Tag("CARD-6")
  void aConnectionThatEndedBeforeItsHandshakeIsForgotten() throws Exception {
    assertThat(acceptsConnections(server.port())).isTrue();
    // Connections are accepted in order: when this one answers, the other was.
    assertThat(lengthOf(channelOf(GATEWAY), "x")).isPositive();

    Thread stop = Thread.startVirtualThread(this::stopForAnHour);

    assertThat(stop.join(Duration.ofSeconds(20))).as("nothing held up the stop").isTrue();
  }

  private static boolean acceptsConnections(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private void stopForAnHour() {
    try {
      server.stop(Duration.ofHours(1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void stopping(CountDownLatch stopped) {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  @Tag("OURS-8")
  void connectionsEndWhenTheyAreOldAndTheNextCallMakesAnother() throws Exception {
    assertThat(RpcServerConfig.loopback(List.of()).connectionAgeMax()).isEmpty();
    server.stop(Duration.ofSeconds(5));
    server = start(false, Optional.of(Duration.ofSeconds(1)));
    ManagedChannel channel = channelOf(GATEWAY);
    assertThat(lengthOf(channel, "x")).isPositive();
    CountDownLatch ended = new CountDownLatch(1);
    channel.notifyWhenStateChanged(ConnectivityState.READY, ended::countDown);

    assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(lengthOf(channel, "x")).isPositive();
  }

  @Test
  void healthIsToldToEveryTrustedCaller() {
    HealthGrpc.HealthBlockingStub probe = HealthGrpc.newBlockingStub(channelOf(STRANGER));
    HealthCheckRequest whole = HealthCheckRequest.getDefaultInstance();
    assertThat(probe.check(whole).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
    health.started();
    assertThat(probe.check(whole).getStatus()).isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void aKnownFailureKeepsItsReasonAndFieldsOverTheWire() {
    echo.beforeAnswer(() -> {
      throw OdapException.fieldInvalid("log_id", "x", "session/role");
    });
    OdapException told = refusalOf(channelOf(GATEWAY));
    assertThat(told.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(told.fieldViolations())
        .containsExactly(new FieldViolation("log_id", "value: x (expected: session/role)"));
  }

  @Test
  void anUnexpectedFailureCrossesAsAnErrorIdOnly() {
    echo.beforeAnswer(() -> {
      throw new IllegalStateException("password is 12345");
    });
    OdapException told = refusalOf(channelOf(GATEWAY));
    assertThat(told.reason()).isEqualTo(ErrorReason.ERROR_REASON_INTERNAL);
    assertThat(told.description()).matches("internal error [0-9a-f-]{36}");
  }
}
