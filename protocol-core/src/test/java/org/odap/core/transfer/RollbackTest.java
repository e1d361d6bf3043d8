package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.MessageType;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.TwoGateways.LedgerWay;
import org.odap.core.transfer.TwoGateways.Way;

/** What a side that has given up takes for an answer (recovery-01 4.3). */
@Tag("2PC-8")
class RollbackTest {
  @ParameterizedTest
  @EnumSource(names = {"ERROR_REASON_PERMISSION_DENIED", "ERROR_REASON_PREVIOUS_HASH_WRONG"})
  void aPeerThatMayBeBoundIsToldUntilItHears(ErrorReason reason) {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    Places.prepare(gateways);
    gateways.take(Role.SENDER, new Input.Canceled("operator", "enough"));
    gateways.ledger(Role.SENDER, LedgerWay.OPEN);

    Step step = gateways.take(Role.SENDER, refused(reason));

    assertThat(step).isEqualTo(new Step.Ignored());
    assertThat(gateways.sender().pendingRequest().orElseThrow().type())
        .isEqualTo(MessageType.ROLLBACK);
    gateways.run();
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.ROLLED_BACK);
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR_REASON_TRANSFER_ENDED", "ERROR_REASON_SESSION_UNKNOWN"})
  void aPeerThatHasEndedNeedsNoTelling(ErrorReason reason) {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    Places.prepare(gateways);
    gateways.take(Role.SENDER, new Input.Canceled("operator", "enough"));
    gateways.ledger(Role.SENDER, LedgerWay.OPEN);

    gateways.take(Role.SENDER, refused(reason));

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
  }

  @Test
  void aPeerThatPromisedNothingMayRefuseToListen() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.take(Role.SENDER, new Input.Canceled("operator", "enough"));

    gateways.take(Role.SENDER, refused(ErrorReason.ERROR_REASON_PERMISSION_DENIED));

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
  }

  @Test
  void aLedgersRepeatedAnswerIsLoggedOnce() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    Places.prepare(gateways);
    gateways.take(Role.SENDER, new Input.Canceled("operator", "enough"));
    Input answer =
        gateways.sender().perform(gateways.sender().pendingStep().orElseThrow(), gateways.now());

    assertThat(gateways.take(Role.SENDER, answer)).isInstanceOf(Step.Accepted.class);
    assertThat(gateways.take(Role.SENDER, answer)).isEqualTo(new Step.Ignored());
  }

  private static Input refused(ErrorReason reason) {
    return new Input.PeerRefused(MessageType.ROLLBACK, Refusal.of(reason, "no"));
  }
}
