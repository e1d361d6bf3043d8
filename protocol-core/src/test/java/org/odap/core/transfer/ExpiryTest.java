package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.session.Timing;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.Side.Taken;

/** How both gateways reckon with the lock's expiry, to the millisecond (ODAP 7.3, 8). */
@Tag("ODAP-20")
class ExpiryTest {
  @Test
  void marginsAddUpWhatIsStillToCome() {
    Timing timing = new Timing(2, 10, 100, 0);
    assertThat(timing.finalizeMarginMillis()).isEqualTo(102);
    assertThat(timing.commitMarginMillis()).isEqualTo(112);
    assertThat(timing.lockMarginMillis()).isEqualTo(222);
  }

  /** With each of these answers the sender goes on, if there is still time for all that follows. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "INITIALIZATION_RESPONSE",
        "TRANSFER_COMMENCE_ACK",
        "LOCK_EVIDENCE_ACK",
        "COMMIT_PREPARE_ACK",
        "PRE_COMMIT_ACK"
      })
  void theSenderGoesOnOnlyInTime(MessageType answer) {
    Taken place = Places.of(answer);
    long margin =
        SenderRules.marginMillis(
            (SenderState) place.before().state(), place.before().session(), Bargain.TIMING);

    Step inTime = decide(place, place.input(), Messages.EXPIRY - margin);
    Step late = decide(place, place.input(), Messages.EXPIRY - margin + 1);

    assertThat(((Step.Accepted) inTime).transfer().state()).isNotEqualTo(SenderState.ROLLING_BACK);
    assertThat(((Step.Accepted) late).transfer().state()).isEqualTo(SenderState.ROLLING_BACK);
    assertThat(((Step.Accepted) late).transfer().failure().orElseThrow().getReason())
        .isEqualTo(ErrorReason.ERROR_REASON_EXPIRY_TOO_NEAR);
  }

  @Test
  void theSenderKeepsTheMarginsOfTheStepsStillToCome() {
    Timing timing = Bargain.TIMING;
    Session two = Places.of(MessageType.LOCK_EVIDENCE_ACK).before().session();
    assertThat(SenderRules.marginMillis(SenderState.COMMENCING, two, timing))
        .isEqualTo(timing.lockMarginMillis());
    assertThat(SenderRules.marginMillis(SenderState.EVIDENCING, two, timing))
        .isEqualTo(timing.commitMarginMillis());
    assertThat(SenderRules.marginMillis(SenderState.PREPARING, two, timing))
        .isEqualTo(timing.finalizeMarginMillis());
  }

  @Test
  @Tag("2PC-10")
  void threePhaseCommitReckonsWithOneMoreExchangeUntilItIsDone() {
    Timing timing = Bargain.TIMING;
    Session three = Places.of(MessageType.PRE_COMMIT_ACK).before().session();
    long more = timing.preCommitMillis();
    assertThat(more).isPositive();
    assertThat(SenderRules.marginMillis(SenderState.COMMENCING, three, timing))
        .isEqualTo(timing.lockMarginMillis() + more);
    assertThat(SenderRules.marginMillis(SenderState.EVIDENCING, three, timing))
        .isEqualTo(timing.commitMarginMillis() + more);
    assertThat(SenderRules.marginMillis(SenderState.PREPARING, three, timing))
        .isEqualTo(timing.finalizeMarginMillis() + more);
    assertThat(SenderRules.marginMillis(SenderState.PRECOMMITTING, three, timing))
        .isEqualTo(timing.finalizeMarginMillis());
  }

  @Test
  void theRecipientPromisesOnlyInTime() {
    Taken place = Places.of(MessageType.COMMIT_PREPARE);
    long last = Messages.EXPIRY - Bargain.TIMING.commitMarginMillis();

    assertThat(decide(place, place.input(), last)).isInstanceOf(Step.Accepted.class);
    assertThat(decide(place, place.input(), last + 1)).isInstanceOf(Step.Refused.class);
  }

  @Test
  void theRecipientTakesNoProposalThatIsTooShort() {
    Taken place = Places.of(MessageType.INITIALIZATION_REQUEST);
    long last = Messages.EXPIRY - Bargain.TIMING.minLockMillis();

    assertThat(decide(place, place.input(), last)).isInstanceOf(Step.Accepted.class);
    assertThat(decide(place, place.input(), last + 1)).isInstanceOf(Step.Refused.class);
  }

  @Test
  void aClockThatCountsSecondsMayEndTheLockWithinTheLastOne() {
    Taken place = Places.of(MessageType.LOCK_EVIDENCE);
    Input.Received received = (Input.Received) place.input();
    var early =
        Fields.sign(
            Fields.hash(
                Fields.set(
                    received.message().protobuf(),
                    "lock_evidence_claim.lock_expiry",
                    Messages.EXPIRY - 999)),
            Bargain.signer(place.before().role().peer()));
    Input.Received rounded = new Input.Received(OdapMessage.of(early), received.peerPubkey());

    assertThat(decide(place, rounded, place.now())).isInstanceOf(Step.Accepted.class);
  }

  /** Wherever the machine asks to be woken, it has something to do then, and not before. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("transfersThatWait")
  void theAlarmRingsWhenSomethingIsToBeDone(String state, Taken taken) {
    long alarm = TransferMachine.nextTick(taken.before(), Bargain.TIMING).orElseThrow();

    assertThat(decide(taken, new Input.Tick(), alarm - 1)).isEqualTo(new Step.Ignored());
    assertThat(decide(taken, new Input.Tick(), alarm)).isInstanceOf(Step.Accepted.class);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("transfersThatDoNot")
  void whoSetsNoAlarmHasNothingToDo(String state, Taken taken) {
    assertThat(decide(taken, new Input.Tick(), Long.MAX_VALUE / 2)).isEqualTo(new Step.Ignored());
  }

  private static Stream<Object[]> transfersThatWait() {
    return places(OptionalLong::isPresent);
  }

  private static Stream<Object[]> transfersThatDoNot() {
    return places(OptionalLong::isEmpty);
  }

  /** One transfer in each state that the messages' places have. */
  private static Stream<Object[]> places(Predicate<OptionalLong> alarm) {
    TwoGateways asked = Places.ordered(Mood.ASKS_APPROVER);
    asked.run();
    asked.take(Role.RECIPIENT, new Input.Approved("approver"));
    TwoGateways whole = Places.ordered(Mood.AGREES);
    whole.run();
    TwoGateways threePhase = new TwoGateways(Mood.AGREES);
    threePhase.take(Role.SENDER, Bargain.threePhase());
    threePhase.run();
    TwoGateways canceled = Places.ordered(Mood.AGREES);
    Places.prepare(canceled);
    canceled.take(Role.SENDER, new Input.Canceled("operator", "enough"));
    canceled.run();
    return Stream.of(asked, whole, threePhase, canceled)
        .flatMap(gateways -> Stream.of(gateways.sender(), gateways.recipient()))
        .flatMap(side -> side.history().stream())
        .filter(taken -> taken.before().head().length() > 0)
        .filter(taken -> alarm.test(TransferMachine.nextTick(taken.before(), Bargain.TIMING)))
        .map(taken -> new Object[] {taken.before().role() + " " + taken.before().state(), taken});
  }

  private static Step decide(Taken place, Input input, long now) {
    return TransferMachine.decide(
        place.before(), input, Bargain.setting(place.before().role(), Mood.AGREES), now);
  }
}
