package org.odap.gateway.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.envelope.MessageType;
import org.odap.core.log.LogFrame;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Role;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.runtime.rpc.OdapException;

/** Which transfers a replica may go on with, and which it only knows from their logs. */
class TransfersTest {
  private final MemoryLog log = new MemoryLog();
  private final Transfers transfers = log.transfers();
  private final String id = SampleOrder.newSession();
  private final String logId = Role.SENDER.logId(id);

  /** The log of a transfer that another replica runs. */
  private List<LogEntry> storedElsewhere() {
    List<LogEntry> entries = SampleOrder.log(id);
    log.append(logId, entries, false);
    return entries;
  }

  private RunningTransfer unopened() {
    return transfers.registered(Role.SENDER, SampleOrder.frame(id));
  }

  private RunningTransfer begun() {
    RunningTransfer transfer = unopened();
    var _ = transfer.submit(SampleOrder.order());
    return transfer;
  }

  private ErrorReason refusalOfHeld() {
    return catchThrowableOfType(OdapException.class, () -> transfers.held(logId)).reason();
  }

  @Test
  @Tag("2PC-7")
  void transferThatRunsElsewhereIsShownAndNotGoneOnWith() {
    int stored = storedElsewhere().size();

    Transfer picture = transfers.get(id, Optional.empty()).transfer();
    assertThat(picture.head().length()).isEqualTo(stored);
    assertThat(refusalOfHeld()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    OdapException refusal =
        catchThrowableOfType(
            OdapException.class, () -> transfers.getHeld(id, Optional.of(Role.SENDER)));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(transfers.running()).isEmpty();
  }

  /** A proposal that was repeated here is at hand, without entries, until the log refuses it. */
  @Test
  @Tag("2PC-7")
  void repeatedProposalDoesNotHideThatTheTransferRunsElsewhere() {
    int stored = storedElsewhere().size();
    RunningTransfer repeated = unopened();

    assertThat(repeated.transfer().head().length()).isZero();
    assertThat(refusalOfHeld()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(transfers.get(id, Optional.empty()).transfer().head().length()).isEqualTo(stored);
  }

  @Test
  @Tag("2PC-7")
  void oneThatRunsHereIsGoneOnWith() {
    RunningTransfer transfer = begun();

    assertThat(transfers.held(logId)).containsSame(transfer);
    assertThat(transfers.isRunning(logId)).isTrue();
  }

  /** Two gateways full of orders must not wait for each other: proposals have more room. */
  @Test
  @Tag("OURS-8")
  void noMoreBeginThanTheReplicaCanHold() {
    Transfers two = log.transfers(2);
    RunningTransfer first = registered(two, Role.SENDER);
    RunningTransfer second = registered(two, Role.SENDER);

    assertThat(refusalOf(two, Role.SENDER))
        .extracting(OdapException::reason, OdapException::description)
        .containsExactly(
            ErrorReason.ERROR_REASON_UNAVAILABLE,
            "this replica of the gateway runs 2 transfers (expected: fewer than 2, for one more):"
                + " ask the others, or again");
    RunningTransfer third = registered(two, Role.RECIPIENT);
    RunningTransfer _ = registered(two, Role.RECIPIENT);
    assertThat(refusalOf(two, Role.RECIPIENT).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);

    assertThat(two.registered(Role.RECIPIENT, SampleOrder.frame(third.transfer().id())))
        .as("one that is at hand")
        .isSameAs(third);
    two.forgetUnopened(first);
    two.forgetUnopened(second);
    two.forgetUnopened(third);
    assertThat(registered(two, Role.SENDER)).isNotNull();
  }

  private static RunningTransfer registered(Transfers transfers, Role role) {
    return transfers.registered(role, SampleOrder.frame(SampleOrder.newSession()));
  }

  private static OdapException refusalOf(Transfers full, Role role) {
    return catchThrowableOfType(OdapException.class, () -> registered(full, role));
  }

  @Test
  @Tag("2PC-7")
  void oneThatWasDroppedIsNotGoneOnWith() {
    RunningTransfer transfer = begun();

    transfers.drop();

    assertThat(transfer.halted()).isTrue();
    assertThat(refusalOfHeld()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
  }

  @Test
  @Tag("2PC-6")
  void endedOneAnswersLateRepeatsFromItsLog() {
    RunningTransfer transfer = begun();
    var _ =
        transfer.submit(
            new Input.PeerRefused(
                MessageType.INITIALIZATION_REQUEST,
                new Refusal(ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED, "", "not here")));
    Transfers afterRestart =
        new Transfers(
            unopened ->
                new RunningTransfer(
                    unopened, log, any -> SampleOrder.setting(), Clock.systemUTC(), any -> {}),
            stored -> log.read(stored, 1),
            1);

    assertThat(transfers.running()).isEmpty();
    assertThat(afterRestart.held(logId).orElseThrow().transfer().state().ended()).isTrue();
    assertThat(afterRestart.running()).isEmpty();
  }

  /** Of several replicas of the other gateway the repeat of an order may name another one. */
  @Test
  @Tag("OURS-8")
  void repeatKeepsTheKeysThatTheEndedTransferWasOpenedWith() {
    var _ =
        begun()
            .submit(
                new Input.PeerRefused(
                    MessageType.INITIALIZATION_REQUEST,
                    new Refusal(ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED, "", "not here")));
    LogAppender closed =
        new LogAppender() {
          @Override
          public void append(String logId, List<LogEntry> entries, boolean close) {
            throw new OdapException(ErrorReason.ERROR_REASON_LOG_CLOSED, "it has ended");
          }

          @Override
          public List<LogEntry> read(String logId, int fromIndex) {
            return log.read(logId, fromIndex);
          }
        };
    Input.Order order = SampleOrder.order();
    InitializationRequest terms =
        order.terms().toBuilder()
            .setRecipientGatewayPubkey(SampleOrder.newSigner().publicKey())
            .build();
    RunningTransfer repeat =
        new RunningTransfer(
            Transfer.unopened(
                Role.SENDER, LogFrame.of(terms, id, SampleOrder.SENDER, SampleOrder.RECIPIENT)),
            closed,
            any -> SampleOrder.setting(),
            Clock.systemUTC(),
            any -> {});

    var _ = repeat.submit(new Input.Order(order.order(), terms));

    assertThat(repeat.transfer().state().ended()).isTrue();
    assertThat(repeat.transfer().session().openingPeerPubkey())
        .isEqualTo(SampleOrder.PEER.publicKey());
  }

  @Test
  @Tag("2PC-6")
  void restoredOneReplacesWhatARepeatedFirstMessageLeft() {
    RunningTransfer repeated = unopened();
    List<LogEntry> entries = storedElsewhere();

    RunningTransfer restored = transfers.restored(logId, entries);

    assertThat(restored).isNotSameAs(repeated);
    assertThat(restored.transfer().head().length()).isEqualTo(entries.size());
    var _ = restored.submit(new Input.Recovered());
    assertThat(transfers.held(logId)).containsSame(restored);
  }

  @Test
  @Tag("2PC-6")
  void restoredOneLeavesTheOneThatGoesOnAlone() {
    RunningTransfer running = begun();

    assertThat(transfers.restored(logId, log.read(logId, 1))).isSameAs(running);
    assertThat(transfers.held(logId)).containsSame(running);
  }

  @Test
  @Tag("2PC-6")
  void restoredOneReplacesTheOneThatWasHalted() {
    RunningTransfer halted = begun();
    halted.halt();

    RunningTransfer restored = transfers.restored(logId, log.read(logId, 1));

    assertThat(restored).isNotSameAs(halted);
    var _ = restored.submit(new Input.Recovered());
    assertThat(transfers.held(logId)).containsSame(restored);
  }

  /** What it signed before would bear a key that the peer may not have heard of. */
  @Test
  @Tag("2PC-6")
  void restoredOneTakesNothingBeforeItIsOnRecordThatItGoesOn() {
    RunningTransfer restored = transfers.restored(logId, storedElsewhere());
    Input cancel = new Input.Canceled("somebody", "too slow");

    assertThat(catchThrowableOfType(OdapException.class, () -> restored.submit(cancel)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(refusalOfHeld()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(log.read(logId, 1)).isEqualTo(restored.transfer().entries());

    var _ = restored.submit(new Input.Recovered());
    assertThat(transfers.held(logId)).containsSame(restored);
    assertThat(restored.submit(cancel)).isInstanceOf(Step.Accepted.class);
  }

  @Test
  @Tag("2PC-6")
  void oneThatCouldNotBeTakenUpGivesWayToTheNextAttempt() {
    RunningTransfer failed = transfers.restored(logId, storedElsewhere());

    transfers.forgetReturning(failed);

    assertThat(failed.halted()).isTrue();
    assertThat(transfers.isRunning(logId)).isFalse();
    RunningTransfer next = transfers.restored(logId, log.read(logId, 1));
    assertThat(next).isNotSameAs(failed);
    var _ = next.submit(new Input.Recovered());
    transfers.forgetReturning(next);
    assertThat(transfers.held(logId)).containsSame(next);
  }

  @Test
  @Tag("2PC-6")
  void firstMessageThatWasRefusedLeavesNothingBehind() {
    RunningTransfer refused = unopened();

    transfers.forgetUnopened(refused);

    assertThat(transfers.isRunning(logId)).isFalse();
    RunningTransfer begun = begun();
    transfers.forgetUnopened(begun);
    assertThat(transfers.held(logId)).containsSame(begun);
    transfers.forgetUnopened(refused);
    assertThat(transfers.held(logId)).as("another's end is not its end").containsSame(begun);
  }
}
