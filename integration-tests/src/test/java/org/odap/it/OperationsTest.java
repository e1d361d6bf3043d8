package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_REFUSED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LIMIT_EXCEEDED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_NOT_ACCEPTING;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_OWN_ORDER;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_REQUEST_ID_REUSED;

import io.grpc.ManagedChannel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.CancelTransferRequest;
import org.odap.api.client.v1.DecideTransferRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.GetOperationsRequest;
import org.odap.api.client.v1.Operations;
import org.odap.api.client.v1.PauseRequest;
import org.odap.api.client.v1.RemoveLimitRequest;
import org.odap.api.client.v1.ResumeRequest;
import org.odap.api.client.v1.SetLimitRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferServiceGrpc;
import org.odap.api.common.v1.Limit;
import org.odap.it.system.Client;
import org.odap.it.system.Organization;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** What operators order of running gateways, and what takes more than one person. */
@Tag("OURS-3")
@ExtendWith(SharedSystem.class)
class OperationsTest {

  @AfterEach
  void resume(StorySystem system) {
    system.heal();
    for (Organization one : new Organization[] {system.alpha(), system.beta()}) {
      var _ =
          new Client(one)
              .operations()
              .resume(ResumeRequest.newBuilder().setRequestId(key()).setReason("over").build());
      var _ =
          new Client(one)
              .operations()
              .removeLimit(
                  RemoveLimitRequest.newBuilder().setRequestId(key()).setName("cash").build());
    }
  }

  @Test
  void pausedGatewayTakesNoOrdersEvenAfterACrashAndWhatHasBegunGoesOn(StorySystem system) {
    Journey before = Journey.ofUnique(system, Profile.ART).begin();
    before.awaitRecipient("AWAITING_APPROVAL");
    Journey refused = Journey.ofUnits(system, Profile.CASH);
    PauseRequest pause = pause();
    Operations paused = before.alpha().operations().pause(pause).getOperations();
    assertThat(paused.getAccepting()).isFalse();
    assertThat(paused.getDrained()).isFalse();

    assertThat(Client.reason(refused::begin)).isEqualTo(ERROR_REASON_NOT_ACCEPTING);
    assertThat(before.alpha().start(before.order().build()))
        .as("a repeat is no new order")
        .isEqualTo(before.id());
    Transfer _ = decide(before.beta(), before.id());
    before.assertUniqueArrived();

    system.kill("gateway-alpha");
    system.start("gateway-alpha");
    refused.alpha().awaitLedgers();
    assertThat(Client.reason(refused::begin)).isEqualTo(ERROR_REASON_NOT_ACCEPTING);
    assertThat(refused.alpha().operations().pause(pause).getOperations().getHaltsCount())
        .isEqualTo(1);
    assertThat(
            refused
                .alpha()
                .operations()
                .resume(ResumeRequest.newBuilder().setRequestId(key()).setReason("over").build())
                .getOperations()
                .getAccepting())
        .isTrue();
    refused.begin().assertUnitsArrived();
  }

  @Test
  void pausedRecipientDeniesAndSaysSo(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    var _ = journey.beta().operations().pause(pause());
    journey.begin();

    Journey.assertFailed(
        journey.senderEnd(), TRANSFER_OUTCOME_REFUSED, ERROR_REASON_NOT_ACCEPTING, "inventory");
    Journey.assertFailed(
        journey.recipientEnd(), TRANSFER_OUTCOME_REFUSED, ERROR_REASON_NOT_ACCEPTING, "inventory");
    journey.assertNothingMoved();
  }

  @Test
  void limitsHoldOnBothSides(StorySystem system) {
    Journey ordered = Journey.ofUnits(system, Profile.CASH);
    limit(ordered.alpha(), "29");
    assertThat(Client.reason(ordered::begin)).isEqualTo(ERROR_REASON_LIMIT_EXCEEDED);

    limit(ordered.alpha(), "30");
    limit(ordered.beta(), "29");
    ordered.begin();
    Journey.assertFailed(
        ordered.recipientEnd(),
        TRANSFER_OUTCOME_REFUSED,
        ERROR_REASON_LIMIT_EXCEEDED,
        "limit cash: amount: 30 (expected: 29)");
    ordered.assertNothingMoved();
  }

  @Test
  @Tag("OURS-5")
  void fourEyesOnBothSides(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.GOLD).begin();
    assertThat(journey.awaitSender("AWAITING_APPROVAL").getApprovalsNeeded()).isEqualTo(2);
    assertThat(Client.reason(() -> decide(journey.alpha(), journey.id())))
        .isEqualTo(ERROR_REASON_OWN_ORDER);
    DecideTransferRequest first = approval(journey.id());
    Transfer _ = decide(system.alpha(), "approver-1", first);
    Transfer waits = decide(system.alpha(), "approver-1", first);
    assertThat(waits.getApprovalsList()).hasSize(1);

    system.kill("gateway-alpha");
    system.start("gateway-alpha");
    journey.awaitSender("AWAITING_APPROVAL");
    Transfer _ = decide(system.alpha(), "approver-2", approval(journey.id()));
    assertThat(decide(system.alpha(), "approver-1", first).getApprovalsList()).hasSize(2);
    assertThat(
            Client.reason(() ->
                decide(
                    system.alpha(), "approver-1", first.toBuilder().setReason("another").build())))
        .isEqualTo(ERROR_REASON_REQUEST_ID_REUSED);

    journey.awaitRecipient("AWAITING_APPROVAL");
    Transfer _ = decide(system.beta(), "approver-1", approval(journey.id()));
    Transfer _ = decide(system.beta(), "approver-2", approval(journey.id()));
    journey.assertUnitsArrived();
    assertThat(journey.recipientEnd().getApprovalsList()).hasSize(2);
  }

  @Test
  @Tag("OURS-5")
  void cancellationRepeatedUnderItsKeyIsAnswered(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    CancelTransferRequest cancel =
        CancelTransferRequest.newBuilder()
            .setTransferId(journey.id())
            .setRole(GatewayRole.GATEWAY_ROLE_SENDER)
            .setReason("second thoughts")
            .setRequestId(key())
            .build();
    var _ = journey.alpha().gateway().cancelTransfer(cancel);
    system.thaw("sql-alpha");
    journey.senderEnd();

    assertThat(journey.alpha().gateway().cancelTransfer(cancel).getTransfer().getState())
        .isEqualTo("ROLLED_BACK");
    assertThat(
            Client.reason(() ->
                journey
                    .alpha()
                    .gateway()
                    .cancelTransfer(cancel.toBuilder().setReason("other").build())))
        .isEqualTo(ERROR_REASON_REQUEST_ID_REUSED);
  }

  private static void limit(Client client, String amount) {
    Operations set =
        client
            .operations()
            .setLimit(
                SetLimitRequest.newBuilder()
                    .setRequestId(key())
                    .setLimit(
                        Limit.newBuilder()
                            .setName("cash")
                            .setAssetProfileId(Profile.CASH.id())
                            .setAmountMax(amount))
                    .build())
            .getOperations();
    assertThat(set.getLimitsCount()).isEqualTo(1);
    assertThat(
            client
                .operations()
                .getOperations(GetOperationsRequest.getDefaultInstance())
                .getOperations()
                .getLimits(0)
                .getAmountMax())
        .isEqualTo(amount);
  }

  private static Transfer decide(Client client, String id) {
    return client.gateway().decideTransfer(approval(id)).getTransfer();
  }

  private static Transfer decide(Organization own, String person, DecideTransferRequest request) {
    ManagedChannel channel = own.gatewayAs(person);
    try {
      return TransferServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .decideTransfer(request)
          .getTransfer();
    } finally {
      channel.shutdownNow();
    }
  }

  private static DecideTransferRequest approval(String id) {
    return DecideTransferRequest.newBuilder()
        .setTransferId(id)
        .setApprove(true)
        .setRequestId(key())
        .build();
  }

  private static PauseRequest pause() {
    return PauseRequest.newBuilder().setRequestId(key()).setReason("inventory").build();
  }

  private static String key() {
    return "key-" + Client.number();
  }
}
