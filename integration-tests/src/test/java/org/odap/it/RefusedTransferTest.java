package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_REFUSED;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_ROLLED_BACK;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_ASSET_EXISTS;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_ASSET_NOT_OWNED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_BALANCE_TOO_LOW;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_CANCELED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_DECLINED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LEDGER_UNKNOWN;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PEER_ROLLED_BACK;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PEER_UNKNOWN;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_TRANSFER_ENDED;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.CancelTransferRequest;
import org.odap.api.client.v1.DecideTransferRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.Transfer;
import org.odap.api.common.v1.ErrorReason;
import org.odap.it.system.Client;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** Transfers somebody does not want: both ledgers stay as they were and the client learns why. */
@ExtendWith(SharedSystem.class)
class RefusedTransferTest {
  @Test
  void unknownRecipientGateway(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setRecipientGateway("odapgw://nobody.example/gateway-1");

    assertOrderRefused(journey, ERROR_REASON_PEER_UNKNOWN, "odapgw://beta.example/gateway-1");
  }

  @Test
  void unknownOwnLedger(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setSenderDltSystem("sql-nowhere");

    assertOrderRefused(journey, ERROR_REASON_LEDGER_UNKNOWN, "sql-alpha", "sql-vault");
  }

  @Test
  void sameLedgerTwice(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setRecipientDltSystem(Journey.FROM);

    assertOrderRefused(journey, ERROR_REASON_FIELD_INVALID, "recipient_dlt_system");
  }

  @Test
  void unknownLedgerOfThePeer(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setRecipientDltSystem("sql-nowhere");
    journey.begin();

    assertRefusedByBoth(
        journey, ERROR_REASON_LEDGER_UNKNOWN, "sql-nowhere", "expected: one of [sql-beta]");
  }

  @Test
  void unknownProfile(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setAssetProfileId("urn:example:unheard-of");

    assertOrderRefused(journey, ERROR_REASON_ASSET_PROFILE_DENIED, Profile.CASH.id());
  }

  @Test
  void profileThePeerHasNeverHeardOf(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.NOVELTY).begin();

    assertRefusedByBoth(
        journey,
        ERROR_REASON_ASSET_PROFILE_DENIED,
        Profile.NOVELTY.id(),
        "expected: one of [" + Profile.ART.id());
  }

  @Test
  @Tag("ODAP-15")
  void profileThePeerDenies(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.ARMS).begin();

    assertRefusedByBoth(
        journey,
        ERROR_REASON_ASSET_PROFILE_DENIED,
        Profile.ARMS.id(),
        "expected: one of [" + Profile.ART.id());
  }

  @Test
  @Tag("ODAP-15")
  void recipientsClientDeclines(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.ART).begin();
    journey.awaitRecipient("AWAITING_APPROVAL");
    assertThat(decide(journey, false, "not to our taste").getState()).isEqualTo("REFUSED");

    assertRefusedByBoth(journey, ERROR_REASON_DECLINED, "not to our taste");
  }

  @Test
  @Tag("ODAP-15")
  void recipientsClientApproves(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.ART).begin();
    assertThat(journey.awaitRecipient("AWAITING_APPROVAL").getAwaitsDecision()).isTrue();
    decide(journey, true, "");

    journey.assertUniqueArrived();
  }

  @Test
  void decisionThatComesTooLate(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();
    journey.assertUnitsArrived();

    assertThat(Client.reason(() -> decide(journey, false, "changed my mind")))
        .isEqualTo(ERROR_REASON_TRANSFER_ENDED);
    journey.assertUnitsArrived();
  }

  @Test
  void assetOfSomebodyElse(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    journey.order().setOrigin(Client.account("mallory"));
    journey.begin();

    assertRolledBackByBoth(journey, ERROR_REASON_ASSET_NOT_OWNED, "mallory");
  }

  @Test
  void lockTheOwnerHasNotApproved(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    String careful = Client.account("carol");
    var asset = Client.unique();
    journey.alpha().issue(Journey.FROM, Profile.TITLE, asset, careful);
    journey.order().setOrigin(careful).setAsset(asset);
    journey.begin();

    assertRolledBackByBoth(journey, ERROR_REASON_ASSET_NOT_APPROVED, careful, "approve");
    assertThat(journey.alpha().holdings(Journey.FROM, careful))
        .containsExactly("titles/" + asset.getAssetId());
  }

  @Test
  void balanceThatIsTooLow(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setAsset(Client.amount(101));
    journey.begin();

    assertRolledBackByBoth(journey, ERROR_REASON_BALANCE_TOO_LOW, "expected: at least 101");
  }

  @Test
  void assetThatIsOnTheOtherLedgerAlready(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    String owner = Client.account("bella");
    journey.beta().issue("sql-beta", Profile.TITLE, journey.order().getAsset(), owner);
    journey.begin();

    Journey.assertFailed(
        journey.recipientEnd(), TRANSFER_OUTCOME_ROLLED_BACK, ERROR_REASON_ASSET_EXISTS, "");
    Transfer end = journey.senderEnd();
    assertThat(end.getOutcome()).isEqualTo(TRANSFER_OUTCOME_ROLLED_BACK);
    assertThat(end.getReason()).isIn(ERROR_REASON_PEER_ROLLED_BACK, ERROR_REASON_TRANSFER_ENDED);
    journey.assertNothingMoved();
    assertThat(journey.beta().holdings("sql-beta", owner))
        .containsExactly("titles/" + journey.order().getAsset().getAssetId());
  }

  @Test
  void senderCancelsBeforeTheRecipientHasAgreed(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.ART).begin();
    journey.awaitRecipient("AWAITING_APPROVAL");
    cancel(journey.alpha(), journey.id(), GatewayRole.GATEWAY_ROLE_SENDER);

    Journey.assertFailed(
        journey.senderEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_CANCELED,
        "second thoughts");
    Journey.assertFailed(
        journey.recipientEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_PEER_ROLLED_BACK,
        "CANCELED",
        "second thoughts");
    journey.assertNothingMoved();
  }

  @Test
  @Tag("2PC-8")
  void senderCancelsWhileTheAssetIsBeingLocked(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    system.freeze("sql-alpha");
    journey.begin().awaitSender("LOCKING");
    cancel(journey.alpha(), journey.id(), GatewayRole.GATEWAY_ROLE_SENDER);
    system.thaw("sql-alpha");

    Journey.assertFailed(
        journey.senderEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_CANCELED,
        "second thoughts");
    Journey.assertFailed(
        journey.recipientEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_PEER_ROLLED_BACK,
        "second thoughts");
    journey.assertNothingMoved();
  }

  @Test
  @Tag("2PC-8")
  void recipientCancelsBeforeItIsBound(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    system.freeze("sql-alpha");
    journey.begin().awaitSender("LOCKING");
    cancel(journey.beta(), journey.id(), GatewayRole.GATEWAY_ROLE_RECIPIENT);
    // Else the sender's lock evidence may be refused before the sender is told why.
    journey.awaitSender("ROLLING_BACK");
    system.thaw("sql-alpha");

    Journey.assertFailed(
        journey.recipientEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_CANCELED,
        "second thoughts");
    Journey.assertFailed(
        journey.senderEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_PEER_ROLLED_BACK,
        "CANCELED",
        "second thoughts");
    journey.assertNothingMoved();
  }

  private static Transfer decide(Journey journey, boolean approve, String reason) {
    return journey
        .beta()
        .gateway()
        .decideTransfer(
            DecideTransferRequest.newBuilder()
                .setTransferId(journey.id())
                .setApprove(approve)
                .setReason(reason)
                .build())
        .getTransfer();
  }

  private static void cancel(Client client, String id, GatewayRole role) {
    var _ =
        client
            .gateway()
            .cancelTransfer(
                CancelTransferRequest.newBuilder()
                    .setTransferId(id)
                    .setRole(role)
                    .setReason("second thoughts")
                    .build());
  }

  /** Refused before there is a transfer at all. */
  private static void assertOrderRefused(Journey journey, ErrorReason reason, String... words) {
    var refusal = Client.refusal(() -> journey.alpha().start(journey.order().build()));
    assertThat(refusal.reason()).isEqualTo(reason);
    assertThat(refusal.description()).contains(words);
    journey.assertNothingMoved();
  }

  private static void assertRefusedByBoth(Journey journey, ErrorReason reason, String... words) {
    Journey.assertFailed(journey.senderEnd(), TRANSFER_OUTCOME_REFUSED, reason, words);
    Journey.assertFailed(journey.recipientEnd(), TRANSFER_OUTCOME_REFUSED, reason, words);
    journey.assertNothingMoved();
  }

  /** The sender's ledger refuses; the recipient undoes what it announced. */
  private static void assertRolledBackByBoth(Journey journey, ErrorReason reason, String... words) {
    Journey.assertFailed(journey.senderEnd(), TRANSFER_OUTCOME_ROLLED_BACK, reason, words);
    Journey.assertFailed(
        journey.recipientEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_PEER_ROLLED_BACK,
        reason.name().substring("ERROR_REASON_".length()));
    journey.assertNothingMoved();
  }
}
