package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.core.envelope.Hash;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.it.system.Client;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** Assets move between two gateways' ledgers: relay mode (ODAP 4.6). */
@ExtendWith(SharedSystem.class)
class RelayTransferTest {
  @Test
  @Tag("ODAP-14")
  void uniqueAssetGoesThereAndBack(StorySystem system) {
    Journey there = Journey.ofUnique(system, Profile.TITLE).begin();
    there.assertUniqueArrived();

    there.beta().approve("sql-beta", Profile.TITLE, there.destination());
    String back =
        there
            .beta()
            .start(
                there
                    .beta()
                    .order(
                        "sql-beta",
                        system.alpha(),
                        Journey.FROM,
                        Profile.TITLE,
                        there.order().getAsset())
                    .setOrigin(there.destination())
                    .setDestination(there.origin())
                    .build());
    Journeys.completed(there.beta(), there.alpha(), back);
    assertThat(there.atOrigin()).containsExactly("titles/" + there.order().getAsset().getAssetId());
    assertThat(there.atDestination()).isEmpty();
  }

  @Test
  @Tag("ODAP-14")
  void partOfBalanceMoves(StorySystem system) {
    Journey.ofUnits(system, Profile.CASH).begin().assertUnitsArrived();
  }

  @Test
  @Tag("2PC-10")
  @Tag("ARCH-5")
  void uniqueAssetMovesByThreePhaseCommit(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE);
    journey.order().setCommitProtocol(CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE);
    journey.begin();
    journey.assertUniqueArrived();

    EvidenceBundle bundle = journey.evidence();
    EvidenceReport report = EvidenceVerifier.verify(bundle, journey.entities());
    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end()).isEqualTo(End.COMPLETED);
    assertThat(bundle.getLogsList())
        .hasSize(2)
        .allSatisfy(log ->
            assertThat(log.getEntriesList())
                .extracting(entry -> entry.getPayload().getMessage())
                .containsSubsequence("ack-commit-prepare", "ack-pre-commit", "ack-commit-final"));
  }

  @Test
  @Tag("ARCH-1")
  @Tag("SD-2")
  void evidenceOfBothGatewaysShowsEveryStepAndProvesIt(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE).begin();
    journey.assertUniqueArrived();

    EvidenceReport report = EvidenceVerifier.verify(journey.evidence(), journey.entities());

    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end()).isEqualTo(End.COMPLETED);
    // 2.3 and 2.4 go side by side.
    assertThat(Journeys.steps(report))
        .hasSize(5)
        .containsSubsequence("recipient LEDGER_STEP_LOG_INCOMING", "recipient LEDGER_STEP_CREATE")
        .containsSubsequence(
            "sender LEDGER_STEP_LOCK",
            "sender LEDGER_STEP_FINALIZE_LOCK",
            "recipient LEDGER_STEP_CREATE",
            "sender LEDGER_STEP_RECORD_LOCATION");
  }

  @Test
  @Tag("ARCH-6")
  void evidenceSaysWhoFailed(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH);
    journey.order().setAsset(Client.amount(101));
    journey.begin();
    journey.senderEnd();
    journey.recipientEnd();

    EvidenceReport report = EvidenceVerifier.verify(journey.evidence(), journey.entities());

    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end()).isEqualTo(End.ROLLED_BACK);
    assertThat(report.outcome().text()).contains("BALANCE_TOO_LOW");
  }

  /** Alpha's log is anchored, beta's is not. */
  @Test
  @Tag("2PC-5")
  @Tag("2PC-9")
  void aLogWrittenAnewDoesNotHaveTheHashTheLedgerHolds(StorySystem system) {
    Journey journey = Journey.ofUnique(system, Profile.TITLE).begin();
    journey.assertUniqueArrived();
    EvidenceBundle whole = journey.evidence();
    assertThat(EvidenceVerifier.verify(whole, journey.entities()).findings()).isEmpty();

    EvidenceBundle.Builder anew = whole.toBuilder();
    for (LogEntry.Builder entry : anew.getLogsBuilder(0).getEntriesBuilderList()) {
      entry.setLogEntryHash(Hash.of(entry.getLogEntryHash().getBytes(StandardCharsets.UTF_8)));
    }

    assertThat(EvidenceVerifier.verify(anew.build(), journey.entities()).findings())
        .filteredOn(finding -> finding.text().contains("the ledger holds another hash of the log"))
        .hasSize(3)
        .allMatch(finding -> finding.text().contains("step "));
  }

  @Test
  @Tag("ARCH-6")
  void evidenceThatWasTouchedIsFoundOut(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();
    journey.assertUnitsArrived();
    EvidenceBundle.Builder touched = journey.evidence().toBuilder();
    touched.getLogsBuilder(0).getEntriesBuilder(3).setTimestamp(1);

    assertThat(EvidenceVerifier.verify(touched.build(), journey.entities()).findings())
        .isNotEmpty();
  }

  @Test
  void sameOrderAgainIsTheSameTransfer(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();

    assertThat(journey.alpha().start(journey.order().build())).isEqualTo(journey.id());
    journey.assertUnitsArrived();
    assertThat(journey.alpha().start(journey.order().build())).isEqualTo(journey.id());
    journey.assertUnitsArrived();
  }

  @Test
  void anotherOrderUnderTheSameIdIsRefused(StorySystem system) {
    Journey journey = Journey.ofUnits(system, Profile.CASH).begin();
    StartTransferRequest other = journey.order().clone().setAsset(Client.amount(31)).build();

    var refusal = Client.refusal(() -> journey.alpha().start(other));

    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_REQUEST_ID_REUSED);
    assertThat(refusal.description()).contains("request_id", "another transfer");
    journey.assertUnitsArrived();
  }
}
