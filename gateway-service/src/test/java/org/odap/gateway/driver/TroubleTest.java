package org.odap.gateway.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Role;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.gateway.ledger.Ledgers;
import org.odap.runtime.rpc.OdapException;

/** What a transfer tries without success is known as long as it does (recovery-01 4.3). */
@Timeout(30)
class TroubleTest {
  private final SynchronousQueue<OdapMessage> asked = new SynchronousQueue<>();
  private final SynchronousQueue<OdapException> answers = new SynchronousQueue<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DriverMetrics metrics = new DriverMetrics(registry, any -> true);
  private final MemoryLog log = new MemoryLog();
  private final Transfers transfers = log.transfers();
  private RunningTransfer transfer;
  private Thread runner;

  @BeforeEach
  void proposeToAPeer() {
    metrics.watch(transfers::troubledCount);
    transfer = transfers.registered(Role.SENDER, SampleOrder.frame(SampleOrder.newSession()));
    var _ = transfer.submit(SampleOrder.order());
    Effect proposal = TransferMachine.pending(transfer.transfer()).getFirst();
    runner = Thread.ofVirtual().start(new EffectRunner(transfer, proposal, links()));
  }

  @AfterEach
  void stop() throws InterruptedException {
    transfer.halt();
    runner.interrupt();
    runner.join();
  }

  private EffectRunner.Links links() {
    return new EffectRunner.Links(
        identity -> (request, from, pubkey) -> refused(request),
        new Ledgers(List.of()),
        Clock.systemUTC(),
        Duration.ofHours(1),
        metrics);
  }

  private OdapMessage refused(OdapMessage request) {
    try {
      asked.put(request);
      throw answers.take();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new OdapException(ErrorReason.ERROR_REASON_UNAVAILABLE, "the test is over", stopped);
    }
  }

  /** The attempt that is under way fails; when this returns the next one has begun. */
  private Optional<Trouble> afterFailure(ErrorReason reason, String description)
      throws InterruptedException {
    answers.put(new OdapException(reason, description));
    var _ = asked.take();
    return transfers.trouble(transfer.transfer().logId());
  }

  private double troubled() {
    return registry.get("odap.gateway.transfers.troubled").gauge().value();
  }

  @Test
  @Tag("2PC-8")
  void troubleIsKnownUntilThePeerAnswers() throws InterruptedException {
    var _ = asked.take();
    assertThat(transfers.trouble(transfer.transfer().logId())).isEmpty();
    assertThat(troubled()).isZero();

    Trouble first =
        afterFailure(ErrorReason.ERROR_REASON_UNAVAILABLE, "connection refused").orElseThrow();
    assertThat(first.effect()).contains("INITIALIZATION_REQUEST", SampleOrder.RECIPIENT);
    assertThat(first.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(first.description()).isEqualTo("connection refused");
    assertThat(first.attempts()).isEqualTo(1);
    assertThat(troubled()).isEqualTo(1);

    Trouble second = afterFailure(ErrorReason.ERROR_REASON_UNAVAILABLE, "no answer").orElseThrow();
    assertThat(second)
        .isEqualTo(
            new Trouble(
                first.effect(),
                ErrorReason.ERROR_REASON_UNAVAILABLE,
                "no answer",
                first.since(),
                2));
    assertThat(second.isStill(first)).isTrue();

    answers.put(new OdapException(ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED, "not here"));
    runner.join();
    Transfer ended = transfer.transfer();
    assertThat(ended.state().ended()).isTrue();
    assertThat(transfer.trouble()).isEmpty();
    assertThat(troubled()).isZero();
    assertThat(
            registry
                .get("odap.gateway.effects.failed")
                .tags("effect", "message", "reason", "UNAVAILABLE")
                .counter()
                .count())
        .isEqualTo(2);
  }

  @Test
  @Tag("2PC-8")
  void peerThatIsAtWorkIsNoTrouble() throws InterruptedException {
    var _ = asked.take();
    assertThat(afterFailure(ErrorReason.ERROR_REASON_UNAVAILABLE, "away")).isPresent();
    assertThat(afterFailure(ErrorReason.ERROR_REASON_TOO_EARLY, "ask again")).isEmpty();
  }

  @Test
  @Tag("2PC-8")
  void troubleIsThatOfWhatIsStillWaitedFor() throws InterruptedException {
    var _ = asked.take();
    assertThat(afterFailure(ErrorReason.ERROR_REASON_UNAVAILABLE, "away")).isPresent();
    // Nobody asks the runner: it sits in its next attempt.
    var _ =
        transfer.submit(
            new Input.PeerRefused(
                MessageType.INITIALIZATION_REQUEST,
                new Refusal(ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED, "", "not here")));

    assertThat(transfer.trouble()).isEmpty();
  }
}
