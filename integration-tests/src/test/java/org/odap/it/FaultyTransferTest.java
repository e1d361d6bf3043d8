package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_REFUSED;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_ROLLED_BACK;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_EXPIRED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_EXPIRY_TOO_NEAR;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PAST_COMMIT_POINT;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PEER_ROLLED_BACK;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PEER_UNREACHABLE;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.CancelTransferRequest;
import org.odap.api.client.v1.GatewayRole;
import org.odap.api.client.v1.ListTransfersRequest;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.Trouble;
import org.odap.api.client.v1.WatchTransferRequest;
import org.odap.api.client.v1.WatchTransferResponse;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/**
 * Parts of the system freeze, crash and come back while an asset is on its way. Before the commit
 * point that may end the transfer, but then nothing has moved; after it the transfer goes forward.
 *
 * <p>A story stops the world where it wants it by freezing the ledger that is asked next.
 */
@ExtendWith(SharedSystem.class)
class FaultyTransferTest {
  /** Time for a frozen process to be noticed and for the margins before the lock's expiry. */
  private static final int SHORT_LOCK_MILLIS = 6_000;

  @Test
  @Tag("ODAP-20")
  void lockIsUndoneWhenTheEvidenceIsNotTakenInTime(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setLockDurationMillis(SHORT_LOCK_MILLIS);
    system.freeze("sql-beta");
    journey.begin().awaitSender("EVIDENCING");
    assertThat(journey.atOrigin()).contains("70 cash", "30 cash RECORD_STATE_LOCKED");
    journey.awaitSender("ROLLED_BACK");
    assertThat(journey.atOrigin()).containsExactly("100 cash");
    system.thaw("sql-beta");

    Journey.assertFailed(
        journey.senderEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_EXPIRY_TOO_NEAR,
        "order it again with a longer lock");
    assertRecipientGaveUp(journey);
  }

  @Test
  @Tag("ODAP-20")
  void lockIsUndoneWhenThePeerFallsSilentBeforePhase3(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setLockDurationMillis(SHORT_LOCK_MILLIS);
    untilLockedWithPeerFrozen(system, journey);
    assertThat(journey.atOrigin()).contains("70 cash", "30 cash RECORD_STATE_LOCKED");

    journey.awaitSender("ROLLING_BACK", "ROLLED_BACK");
    system.thaw("gateway-beta");

    Journey.assertFailed(
        journey.senderEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_EXPIRY_TOO_NEAR,
        "order it again with a longer lock");
    assertRecipientGaveUp(journey);
  }

  @Test
  @Tag("2PC-8")
  void sendersLedgerIsDownBeforeTheLock(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    system.kill("sql-alpha");

    Transfer undoing = journey.awaitSender("ROLLING_BACK");
    assertThat(undoing.getReason()).isEqualTo(ERROR_REASON_LEDGER_UNAVAILABLE);
    system.start("sql-alpha");

    Journey.assertFailed(
        journey.senderEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_LEDGER_UNAVAILABLE,
        "sql-alpha",
        "order it again");
    Journey.assertFailed(
        journey.recipientEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_PEER_ROLLED_BACK,
        "LEDGER_UNAVAILABLE");
    journey.assertNothingMoved();
  }

  @Test
  @Tag("2PC-8")
  void recipientsLedgerIsDownBeforeTheAnnouncement(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    system.kill("sql-beta");
    journey.begin();

    Transfer undoing = journey.awaitRecipient("ROLLING_BACK");
    assertThat(undoing.getReason()).isEqualTo(ERROR_REASON_LEDGER_UNAVAILABLE);
    system.start("sql-beta");

    Journey.assertFailed(
        journey.recipientEnd(),
        TRANSFER_OUTCOME_ROLLED_BACK,
        ERROR_REASON_LEDGER_UNAVAILABLE,
        "sql-beta",
        "order it again");
    assertThat(journey.senderEnd().getOutcome()).isEqualTo(TRANSFER_OUTCOME_ROLLED_BACK);
    assertThat(journey.senderEnd().getDescription()).contains("sql-beta");
    journey.assertNothingMoved();
  }

  @Test
  void ledgerThatIsDownAtTheOrder(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    // A gateway that has just started knows nothing yet of its ledgers.
    system.kill("gateway-alpha");
    system.kill("sql-alpha");
    system.start("gateway-alpha");

    var refusal = Client.refusal(() -> journey.begin());

    assertThat(refusal.reason()).isEqualTo(ERROR_REASON_LEDGER_UNAVAILABLE);
    assertThat(refusal.description()).contains("the adapter of sql-alpha can't be reached");
    system.start("sql-alpha");
    journey.assertNothingMoved();
    journey.alpha().awaitLedgers();
    journey.begin().assertUnitsArrived();
  }

  @Test
  void peerIsDownBeforeTheProposal(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    system.kill("gateway-beta");
    journey.begin();

    Journey.assertFailed(
        journey.senderEnd(),
        TRANSFER_OUTCOME_REFUSED,
        ERROR_REASON_PEER_UNREACHABLE,
        "odapgw://beta.example/gateway-1",
        "order it again");
    system.start("gateway-beta");
    journey.assertNothingMoved();
  }

  @Test
  @Tag("2PC-3")
  void logServiceIsDownForAMoment(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    system.kill("log-alpha");
    system.thaw("sql-alpha");
    system.start("log-alpha");

    journey.assertUnitsArrived();
  }

  @Test
  @Tag("2PC-8")
  void recipientsLedgerIsDownAfterTheCommitPoint(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    journey.untilOnlyTheCreationIsMissing(system);
    assertThat(journey.atOrigin()).isEmpty();

    assertThat(Client.reason(() -> cancel(journey))).isEqualTo(ERROR_REASON_PAST_COMMIT_POINT);
    system.start("sql-beta");
    journey.assertUniqueArrived();
  }

  @Test
  @Tag("2PC-8")
  void whatIsTriedInVainAfterTheCommitPointIsShown(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    system.kill("sql-beta");
    system.thaw("sql-alpha");
    journey.awaitRecipient("CREATING");

    Transfer troubled =
        Conditions.await(
            "the second attempt",
            () -> journey.beta().transfer(journey.id(), GatewayRole.GATEWAY_ROLE_RECIPIENT),
            now -> now.getTrouble().getAttempts() > 1);
    Trouble trouble = troubled.getTrouble();
    assertThat(trouble.getEffect()).isEqualTo("create on sql-beta");
    assertThat(trouble.getReason()).isEqualTo(ERROR_REASON_LEDGER_UNAVAILABLE);
    assertThat(trouble.getDescription()).isNotEmpty();
    assertThat(trouble.getSince()).isBetween(troubled.getUpdatedAt(), System.currentTimeMillis());
    assertThat(toldToWatchers(journey)).isEqualTo("create on sql-beta");
    assertThat(unfinished(journey).getTrouble().getEffect()).isEqualTo("create on sql-beta");

    system.start("sql-beta");
    journey.assertUnitsArrived();
    assertThat(journey.recipientEnd().hasTrouble()).isFalse();
  }

  /** What a client that watches the recipient's gateway hears of beside the entries. */
  private static String toldToWatchers(Journey journey) {
    var events =
        journey
            .beta()
            .gateway()
            .watchTransfer(
                WatchTransferRequest.newBuilder()
                    .setTransferId(journey.id())
                    .setRole(GatewayRole.GATEWAY_ROLE_RECIPIENT)
                    .build());
    WatchTransferResponse event = events.next();
    while (event.hasLogEntry()) {
      assertThat(event.getTransfer().hasTrouble()).isFalse();
      event = events.next();
    }
    return event.getTransfer().getTrouble().getEffect();
  }

  private static Transfer unfinished(Journey journey) {
    return journey
        .beta()
        .gateway()
        .listTransfers(ListTransfersRequest.newBuilder().setUnfinishedOnly(true).build())
        .getTransfersList()
        .stream()
        .filter(listed -> listed.getTransferId().equals(journey.id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Tag("2PC-8")
  void sendersLedgerIsDownAtTheCommitPoint(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    untilLockedWithPeerFrozen(system, journey);
    system.kill("sql-alpha");
    system.thaw("gateway-beta");
    journey.awaitSender("FINALIZING");
    system.start("sql-alpha");

    journey.assertUniqueArrived();
  }

  @Test
  void sendersGatewayCrashesWhileTheAssetIsBeingLocked(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheLockIsMissing(system);
    system.kill("gateway-alpha");
    system.thaw("sql-alpha");
    system.start("gateway-alpha");

    journey.assertUnitsArrived();
  }

  @Test
  void recipientsGatewayCrashesBeforeTheEvidence(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    journey.untilOnlyTheLockIsMissing(system);
    system.kill("gateway-beta");
    system.start("gateway-beta");
    system.thaw("sql-alpha");

    journey.assertUniqueArrived();
  }

  @Test
  @Tag("2PC-8")
  void bothGatewaysCrashAfterTheCommitPoint(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.untilOnlyTheCreationIsMissing(system);
    system.kill("gateway-alpha");
    system.kill("gateway-beta");
    system.startAll(java.util.List.of("sql-beta", "gateway-beta", "gateway-alpha"));

    journey.assertUnitsArrived();
  }

  /** The asset is locked, the recipient has announced it, and no more is heard of its gateway. */
  private static void untilLockedWithPeerFrozen(StorySystem system, Journey journey) {
    journey.untilOnlyTheLockIsMissing(system);
    system.freeze("gateway-beta");
    system.thaw("sql-alpha");
    journey.awaitSender("EVIDENCING");
  }

  /** By the sender's word or by the clock, whichever it hears first. */
  private static void assertRecipientGaveUp(Journey journey) {
    Transfer end = journey.recipientEnd();
    assertThat(end.getOutcome()).isEqualTo(TRANSFER_OUTCOME_ROLLED_BACK);
    assertThat(end.getReason()).isIn(ERROR_REASON_PEER_ROLLED_BACK, ERROR_REASON_EXPIRED);
    journey.assertNothingMoved();
  }

  private static Object cancel(Journey journey) {
    return journey
        .alpha()
        .gateway()
        .cancelTransfer(
            CancelTransferRequest.newBuilder()
                .setTransferId(journey.id())
                .setRole(GatewayRole.GATEWAY_ROLE_SENDER)
                .setReason("too late")
                .build());
  }
}
