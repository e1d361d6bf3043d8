package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.StepIntent;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;

/** The hash of a log goes to the ledger with each step, where its gateway says so. */
class LogAnchorsTest {
  @Test
  @Tag("2PC-5")
  void eachStepCarriesTheHashOfTheEntryThatOrdersIt() throws InvalidProtocolBufferException {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(
        Role.SENDER,
        Bargain.order(
            Bargain.terms().setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LEDGER_HASH).build()));
    gateways.run();

    Map<LedgerStep, Message> asked = gateways.sender().ledger().asked();
    assertThat(asked).hasSize(3);
    for (LedgerStep step : asked.keySet()) {
      StepKey key = key(asked.get(step));
      LogEntry ordering = gateways.sender().log().get(key.getAnchor().getSeqNumber() - 1);
      assertThat(key.getAnchor().getLogEntryHash()).isEqualTo(ordering.getLogEntryHash());
      assertThat(ordering.getPayload().getContent().unpack(StepIntent.class).getStep())
          .isEqualTo(step);
    }
    assertThat(gateways.recipient().ledger().asked().values())
        .hasSize(2)
        .noneMatch(request -> key(request).hasAnchor());
  }

  @Test
  @Tag("2PC-5")
  @Tag("2PC-7")
  void aStepOrderedAgainCarriesTheSameHashAndAHigherEpoch() {
    TwoGateways gateways = new TwoGateways(Mood.AGREES);
    gateways.take(
        Role.SENDER,
        Bargain.order(
            Bargain.terms().setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LEDGER_HASH).build()));
    Places.prepare(gateways);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    Transfer before = gateways.sender().transfer();
    assertThat(before.state()).isEqualTo(SenderState.FINALIZING);

    gateways.crash(Role.SENDER);
    gateways.restart(Role.SENDER);

    assertThat(gateways.sender().transfer().head()).isNotEqualTo(before.head());
    StepKey again = key(step(gateways.sender().transfer()));
    assertThat(again.getAnchor()).isEqualTo(key(step(before)).getAnchor());
    assertThat(again.getEpoch()).isGreaterThan(key(step(before)).getEpoch());
  }

  private static Message step(Transfer transfer) {
    return TransferMachine.pending(transfer).stream()
        .filter(Effect.PerformStep.class::isInstance)
        .map(effect -> ((Effect.PerformStep) effect).request())
        .findFirst()
        .orElseThrow();
  }

  private static StepKey key(Message request) {
    return (StepKey) request.getField(request.getDescriptorForType().findFieldByName("key"));
  }
}
