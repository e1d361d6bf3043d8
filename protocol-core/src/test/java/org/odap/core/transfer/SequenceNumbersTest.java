package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.Side.Taken;

/** Sequence numbers and the order of messages (ODAP 5.6.5, 6 to 8). */
@Tag("ODAP-7")
class SequenceNumbersTest {
  private static final TwoGateways WHOLE = whole();

  private static TwoGateways whole() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.run();
    return gateways;
  }

  @Test
  void requestsCountUpFromOneAndAnswersCarryTheNumberOfTheirRequest() {
    assertThat(numbersTaken(WHOLE.recipient())).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(numbersTaken(WHOLE.sender())).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aRepeatedRequestGetsItsFirstAnswerAndDoesNothing(MessageType type) {
    Transfer end = WHOLE.recipient().transfer();
    OdapMessage request = message(Places.of(type));

    Step step = decide(end, request);

    assertThat(step).isEqualTo(new Step.Duplicate(request.sequenceNumber()));
    OdapMessage answer = end.answer(request).orElseThrow();
    assertThat(answer).isEqualTo(WHOLE.sender().transfer().session().message(answer.type()));
    assertThat(answer.previousHash()).isEqualTo(request.hash());
  }

  @ParameterizedTest
  @MethodSource("requests")
  void aNumberUsedAgainForAnotherRequestIsRefused(MessageType type) {
    Message other =
        Fields.set(message(Places.of(type)).protobuf(), "envelope.credential_block", "x");
    OdapMessage forked =
        OdapMessage.of(Fields.sign(Fields.hash(other), Bargain.signer(Role.SENDER)));

    assertRefused(
        decide(WHOLE.recipient().transfer(), forked), ErrorReason.ERROR_REASON_SEQUENCE_REUSED);
  }

  @Test
  void aRollbackMaySkipNumbersOfRequestsThatWereLostAndTheyStayLost() {
    TwoGateways gateways = Places.ordered(Mood.AGREES);
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);
    gateways.hold(Role.SENDER);
    OdapMessage lost = gateways.sender().pendingRequest().orElseThrow();
    gateways.take(Role.SENDER, new Input.Canceled("operator", "enough"));
    gateways.send(Role.SENDER, TwoGateways.Way.OPEN);

    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.ROLLED_BACK);
    assertThat(gateways.recipient().transfer().session().peerRequests()).containsOnlyKeys(1, 3);
    assertThat(lost.sequenceNumber()).isEqualTo(2);
    assertRefused(
        decide(gateways.recipient().transfer(), lost), ErrorReason.ERROR_REASON_SEQUENCE_REUSED);
  }

  /** Each message of a whole transfer is taken at one place only, however often it comes. */
  @Test
  @Tag("ODAP-19")
  void noMessageIsTakenOutOfItsPlace() {
    List<Taken> places = accepted(WHOLE).toList();
    int tried = 0;
    for (Taken place : places) {
      for (Taken other : places) {
        if (!other.equals(place) && other.before().role() == place.before().role()) {
          tried++;
          assertThat(decide(place.before(), message(other)))
              .as("%s in %s", message(other), place.before().state())
              .isNotInstanceOf(Step.Accepted.class);
        }
      }
    }
    assertThat(tried).isEqualTo(2 * 6 * 5);
  }

  private static Stream<MessageType> requests() {
    return accepted(WHOLE)
        .map(SequenceNumbersTest::message)
        .map(OdapMessage::type)
        .filter(MessageType::request);
  }

  private static Stream<Integer> numbersTaken(Side side) {
    return accepted(side).map(SequenceNumbersTest::message).map(OdapMessage::sequenceNumber);
  }

  private static Stream<Taken> accepted(TwoGateways gateways) {
    return Stream.of(gateways.sender(), gateways.recipient())
        .flatMap(SequenceNumbersTest::accepted);
  }

  private static Stream<Taken> accepted(Side side) {
    return side.history().stream()
        .filter(taken -> taken.step() instanceof Step.Accepted)
        .filter(taken -> taken.input() instanceof Input.Received);
  }

  private static OdapMessage message(Taken taken) {
    return ((Input.Received) taken.input()).message();
  }

  private static Step decide(Transfer transfer, OdapMessage message) {
    Role from = transfer.role().peer();
    return TransferMachine.decide(
        transfer,
        new Input.Received(message, Bargain.signer(from).publicKey()),
        Bargain.setting(transfer.role(), Mood.AGREES),
        WHOLE.now());
  }

  private static void assertRefused(Step step, ErrorReason reason) {
    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Refused.class,
            refused -> assertThat(refused.refusal().reason()).isEqualTo(reason));
  }
}
