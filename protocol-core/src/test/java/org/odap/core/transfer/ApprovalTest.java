package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.storage.v1.Approval;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.TestKeys;
import org.odap.core.session.Role;
import org.odap.core.transfer.Bargain.Mood;
import org.odap.core.transfer.TwoGateways.Way;

/** Who must approve, who may, and what a repeated wish of a client gets. */
@Tag("OURS-3")
class ApprovalTest {

  @Test
  void anOrderIsProposedOnceTwoOthersHaveApproved() {
    TwoGateways gateways = Places.ordered(Mood.ORDER_ASKS_TWO);
    Side sender = gateways.sender();
    assertThat(sender.transfer().awaitsDecision()).isTrue();
    assertThat(sender.pendingRequest()).isEmpty();

    assertThat(refusal(gateways.take(Role.SENDER, new Input.Approved(Bargain.CLIENT))))
        .isEqualTo(ErrorReason.ERROR_REASON_OWN_ORDER);
    gateways.take(Role.SENDER, new Input.Approved("first"));
    Step again = gateways.take(Role.SENDER, new Input.Approved("first"));
    assertThat(again).isInstanceOf(Step.Ignored.class);
    assertThat(sender.pendingRequest()).isEmpty();

    gateways.advance(20_000);
    gateways.take(Role.SENDER, new Input.Approved("second"));

    assertThat(sender.transfer().approvals().given())
        .extracting(Approval::getApprover, Approval::getApprovedAt)
        .containsExactly(tuple("first", Messages.START), tuple("second", Messages.START + 20_000));
    InitializationRequest proposal = sender.transfer().session().proposal();
    assertThat(proposal.getExpiryTime())
        .as("the lock lasts as long as was ordered")
        .isEqualTo(Messages.EXPIRY + 20_000);
    gateways.run();
    assertThat(sender.transfer().state()).isEqualTo(SenderState.COMPLETED);
  }

  @Test
  void anOrderThatOneDeclinesEndsAndNobodyElseHearsOfIt() {
    TwoGateways gateways = Places.ordered(Mood.ORDER_ASKS_TWO);
    gateways.take(Role.SENDER, new Input.Approved("first"));
    gateways.take(Role.SENDER, new Input.Declined("second", "too much"));
    gateways.run();

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.REFUSED);
    assertThat(gateways.sender().transfer().failure().orElseThrow().getReason())
        .isEqualTo(ErrorReason.ERROR_REASON_DECLINED);
    assertThat(gateways.recipient().log()).isEmpty();
  }

  @Test
  void anOrderNobodyApprovesEndsInTime() {
    TwoGateways gateways = Places.ordered(Mood.ORDER_ASKS_TWO);
    gateways.advance(59_999);
    assertThat(gateways.sender().transfer().awaitsDecision()).isTrue();
    gateways.advance(1);

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.REFUSED);
  }

  /** The session is opened by the key it is proposed under. */
  @Test
  void anOrderThatWaitedIsNotProposedByAnotherReplica() {
    TwoGateways gateways = Places.ordered(Mood.ORDER_ASKS_TWO);
    gateways.take(Role.SENDER, new Input.Approved("first"));
    gateways.takeOver(Role.SENDER, TestKeys.STRANGER);
    gateways.take(Role.SENDER, new Input.Approved("second"));

    assertThat(gateways.sender().transfer().state()).isEqualTo(SenderState.REFUSED);
    assertThat(gateways.sender().pendingRequest()).isEmpty();
  }

  @Test
  void theRecipientAgreesOnceTwoHaveApproved() {
    TwoGateways gateways = Places.ordered(Mood.ASKS_TWO);
    gateways.send(Role.SENDER, Way.OPEN);
    gateways.take(Role.RECIPIENT, new Input.Approved("first"));
    gateways.take(Role.RECIPIENT, new Input.Approved("first"));
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.AWAITING_APPROVAL);

    gateways.take(Role.RECIPIENT, new Input.Approved("second"));
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.AGREED);
  }

  @Test
  @Tag("OURS-5")
  void aWishRepeatedUnderItsKeyIsAnsweredAsItWasThoughItWouldBeRefusedNow() {
    TwoGateways gateways = Places.ordered(Mood.ASKS_APPROVER);
    gateways.send(Role.SENDER, Way.OPEN);
    Input approval = new Input.Approved(request("approver", "key-1", 1));
    gateways.take(Role.RECIPIENT, approval);
    gateways.run();
    assertThat(gateways.recipient().transfer().state()).isEqualTo(RecipientState.COMPLETED);

    assertThat(gateways.take(Role.RECIPIENT, approval)).isInstanceOf(Step.Ignored.class);
    assertThat(
            refusal(
                gateways.take(
                    Role.RECIPIENT, new Input.Canceled(request("approver", "key-1", 2), "no"))))
        .isEqualTo(ErrorReason.ERROR_REASON_REQUEST_ID_REUSED);
    assertThat(
            refusal(
                gateways.take(
                    Role.RECIPIENT, new Input.Canceled(request("another", "key-1", 2), "no"))))
        .as("another client's key is another key")
        .isEqualTo(ErrorReason.ERROR_REASON_TRANSFER_ENDED);
  }

  @Test
  @Tag("OURS-5")
  void aCancellationAndAResolutionKeepTheirKeysOverARestart() {
    TwoGateways canceled = Places.ordered(Mood.AGREES);
    Input cancel = new Input.Canceled(request("operator", "key-2", 3), "enough");
    canceled.take(Role.SENDER, cancel);
    canceled.run();
    canceled.crash(Role.SENDER);
    canceled.restart(Role.SENDER);
    assertThat(canceled.sender().transfer().state()).isEqualTo(SenderState.ROLLED_BACK);
    assertThat(canceled.take(Role.SENDER, cancel)).isInstanceOf(Step.Ignored.class);

    TwoGateways declined = Places.ordered(Mood.ASKS_TWO);
    declined.send(Role.SENDER, Way.OPEN);
    Input decline = new Input.Declined(request("operator", "key-3", 4), "no");
    declined.take(Role.RECIPIENT, decline);
    declined.crash(Role.RECIPIENT);
    declined.restart(Role.RECIPIENT);
    assertThat(declined.take(Role.RECIPIENT, decline)).isInstanceOf(Step.Ignored.class);
  }

  private static ClientRequest request(String client, String key, int content) {
    return ClientRequest.newBuilder()
        .setClient(client)
        .setRequestId(key)
        .setHashRequest(Hash.of(new byte[] {(byte) content}))
        .build();
  }

  private static ErrorReason refusal(Step step) {
    return ((Step.Refused) step).refusal().reason();
  }
}
