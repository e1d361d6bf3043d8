package org.odap.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;

/** A client that knows all replicas of a service, whichever of them can answer. */
@Timeout(60)
class InTurnTest {
  private static final Identity LOG = new Identity("odaplog://alpha.example/log");
  private static final Identity CLIENT = new Identity("odapclient://alpha.example/treasury");
  private static final int CALLS = 20;

  private final List<Replica> replicas = new ArrayList<>();
  private TlsMaterial tls;
  private ManagedChannel channel;

  /** A server that counts the calls it gets. */
  private record Replica(RpcServer server, EchoLog echo, AtomicInteger calls) {
    static Replica start(TlsMaterial tls, int port) throws IOException {
      EchoLog echo = new EchoLog();
      AtomicInteger calls = new AtomicInteger();
      echo.beforeAnswer(calls::incrementAndGet);
      List<CallerRule> callers =
          List.of(new CallerRule(CLIENT.uri(), List.of(LogStorageServiceGrpc.SERVICE_NAME)));
      RpcServer server =
          RpcServer.builder(RpcServerConfig.loopback(callers).at(port), tls).service(echo).build();
      server.start();
      return new Replica(server, echo, calls);
    }

    void refuses(ErrorReason reason) {
      echo.beforeAnswer(() -> {
        calls.incrementAndGet();
        throw new OdapException(reason, "ask the others");
      });
    }
  }

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    tls = TlsMaterial.load(pki.issue(LOG, "log", List.of()));
    replicas.add(Replica.start(tls, 0));
    replicas.add(Replica.start(tls, 0));
    String addresses =
        replicas.stream()
            .map(replica -> "127.0.0.1:" + replica.server().port())
            .collect(Collectors.joining(","));
    channel =
        RpcChannels.inTurn(
            new RpcTarget(addresses, LOG.uri()),
            TlsMaterial.load(pki.issue(CLIENT, "client", List.of())));
  }

  @AfterEach
  void stop() throws InterruptedException {
    channel.shutdownNow();
    for (Replica replica : replicas) {
      replica.server().stop(Duration.ofSeconds(5));
    }
  }

  private int length() {
    return EchoLog.lengthOf(channel, "four");
  }

  private void call() {
    for (int call = 0; call < CALLS; call++) {
      assertThat(length()).isEqualTo(4);
    }
  }

  @Test
  @Tag("OURS-8")
  void eachReplicaTakesItsShareOfTheCalls() {
    call();

    assertThat(replicas).allSatisfy(one -> assertThat(one.calls()).hasValueGreaterThan(CALLS / 4));
  }

  @Test
  @Tag("OURS-8")
  void oneThatCanNotAnswerIsPassedOver() {
    replicas.getFirst().refuses(ErrorReason.ERROR_REASON_UNAVAILABLE);
    call();

    assertThat(replicas.getFirst().calls()).hasPositiveValue();
    assertThat(replicas.getLast().calls()).hasValue(CALLS);
  }

  @Test
  @Tag("OURS-8")
  void oneThatIsGoneIsPassedOver() throws InterruptedException {
    call();
    replicas.getFirst().server().stop(Duration.ZERO);
    call();

    assertThat(replicas.getLast().calls()).hasValueGreaterThanOrEqualTo(CALLS);
  }

  /** The channel knows of it a while later only. */
  @Test
  @Tag("OURS-8")
  void oneThatIsJustBackIsCalled() throws Exception {
    call();
    int port = replicas.getFirst().server().port();
    for (Replica replica : replicas) {
      replica.server().stop(Duration.ZERO);
    }
    assertThat(catchThrowableOfType(StatusRuntimeException.class, this::length)).isNotNull();

    replicas.set(0, Replica.start(tls, port));
    assertThat(length()).isEqualTo(4);
  }

  /** Where one of them judges, the others know no better. */
  @Test
  @Tag("OURS-8")
  void anyOtherRefusalIsAnAnswer() {
    replicas.forEach(replica -> replica.refuses(ErrorReason.ERROR_REASON_LOG_UNKNOWN));

    StatusRuntimeException refusal =
        catchThrowableOfType(StatusRuntimeException.class, this::length);

    assertThat(OdapErrors.fromGrpc(refusal).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_LOG_UNKNOWN);
    assertThat(replicas.stream().mapToInt(replica -> replica.calls().get()).sum()).isEqualTo(1);
  }
}
