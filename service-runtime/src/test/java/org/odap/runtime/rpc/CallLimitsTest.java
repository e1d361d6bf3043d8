package org.odap.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/** What one caller may take, however many connections it has, and that others lose nothing. */
@Timeout(60)
@Tag("CARD-3")
class CallLimitsTest {
  private static final Identity LOG = new Identity("odaplog://alpha.example/log");
  private static final Identity OWN = new Identity("odapgw://alpha.example/gateway-1");
  private static final Identity PEER = new Identity("odapgw://beta.example/gateway-1");
  private static final Identity OTHER = new Identity("odapgw://beta.example/gateway-2");
  private static final String SERVICE = "odap.log.v1.LogStorageService";

  @TempDir Path folder;
  private DevelopmentPki alpha;
  private DevelopmentPki beta;
  private RpcServer server;
  private final EchoLog echo = new EchoLog();
  private final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeEach
  void issue() {
    alpha = DevelopmentPki.create(folder.resolve("alpha"), "alpha.example");
    beta = DevelopmentPki.create(folder.resolve("beta"), "beta.example");
  }

  private void start(CallLimitsConfig limits) throws IOException {
    List<CallerRule> callers =
        List.of(
            new CallerRule("odapgw://alpha.example/*", List.of(SERVICE)),
            new CallerRule(PEER.uri(), List.of(SERVICE)),
            new CallerRule(OTHER.uri(), List.of(SERVICE)));
    server =
        RpcServer.builder(
                RpcServerConfig.loopback(callers).limited(limits),
                TlsMaterial.load(alpha.issue(LOG, "log", List.of(beta.asTrusted()))))
            .service(echo)
            .build();
    server.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    channels.forEach(ManagedChannel::shutdownNow);
    server.stop(Duration.ofSeconds(5));
  }

  private ManagedChannel channel(Identity caller) {
    DevelopmentPki pki = caller.organization().equals("alpha.example") ? alpha : beta;
    TlsMaterial tls =
        TlsMaterial.load(
            pki.issue(caller, "caller-" + channels.size(), List.of(alpha.asTrusted())));
    ManagedChannel channel = RpcChannels.channel("127.0.0.1", server.port(), tls, LOG);
    channels.add(channel);
    return channel;
  }

  private static int call(ManagedChannel channel) {
    return EchoLog.lengthOf(channel, "four");
  }

  private static StatusRuntimeException refusal(ManagedChannel channel) {
    return catchThrowableOfType(StatusRuntimeException.class, () -> call(channel));
  }

  private static void assertTooMany(StatusRuntimeException refusal, String limit) {
    assertThat(refusal.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(OdapErrors.fromGrpc(refusal).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_TOO_MANY_CALLS);
    assertThat(refusal).hasMessageContaining(limit);
    assertThat(StatusProto.fromThrowable(refusal).getDetailsList())
        .anyMatch(detail -> detail.is(RetryInfo.class));
  }

  @Test
  void callsBeyondTheRateAreRefusedOverAllConnectionsOfTheCallerAlone() throws IOException {
    start(new CallLimitsConfig(2, 100, 100, 1));
    ManagedChannel first = channel(PEER);
    call(first);
    call(first);

    assertTooMany(refusal(first), "calls a second of " + PEER);
    assertThat(call(channel(OTHER))).isEqualTo(4);
    assertThat(call(channel(OWN))).isEqualTo(4);
  }

  @Test
  void refusedByThePolicyCountsToo() throws IOException {
    start(new CallLimitsConfig(2, 100, 100, 1));
    ManagedChannel unnamed = channel(new Identity("odapgw://beta.example/gateway-3"));

    assertThat(refusal(unnamed).getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(refusal(unnamed).getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertTooMany(refusal(unnamed), "calls a second");
  }

  @Test
  void openCallsAreLimitedAndGivenBackWhenTheyEnd() throws Exception {
    start(new CallLimitsConfig(1000, 2, 100, 1));
    CountDownLatch arrived = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    echo.beforeAnswer(() -> {
      arrived.countDown();
      await(go);
    });
    ManagedChannel first = channel(PEER);
    Thread one = Thread.startVirtualThread(() -> call(first));
    Thread two = Thread.startVirtualThread(() -> call(first));
    arrived.await();

    assertTooMany(refusal(channel(PEER)), "open calls");
    go.countDown();
    one.join();
    two.join();
    for (int i = 0; i < 10; i++) {
      assertThat(call(first)).isEqualTo(4);
    }
  }

  @Test
  void connectionsAreLimitedAndGivenBackWhenTheyEnd() throws Exception {
    start(new CallLimitsConfig(1000, 100, 2, 1));
    ManagedChannel first = channel(PEER);
    ManagedChannel second = channel(PEER);
    call(first);
    call(second);

    ManagedChannel third = channel(PEER);
    // The connection ends in the middle of its beginning: what the transport makes of that varies.
    assertThat(refusal(third)).isNotNull();
    assertThat(call(channel(OTHER))).isEqualTo(4);
    first.shutdownNow();
    while (!isServed(third)) {
      Thread.onSpinWait();
    }
  }

  private static boolean isServed(ManagedChannel channel) {
    try {
      return call(channel) == 4;
    } catch (StatusRuntimeException notYet) {
      return false;
    }
  }

  @Test
  void callersOfOurOwnOrganizationMayTakeMore() throws IOException {
    start(new CallLimitsConfig(1, 100, 100, 3));
    ManagedChannel own = channel(OWN);

    call(own);
    call(own);
    call(own);
    assertTooMany(refusal(own), "expected: at most 3");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
