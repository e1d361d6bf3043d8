package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.it.system.Client;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.runtime.identity.Pem;

/** One gateway moves assets between two ledgers behind it: direct mode (ODAP 4.6.1). */
@ExtendWith(SharedSystem.class)
class DirectTransferTest {
  @Test
  @Tag("ODAP-14")
  void uniqueAssetMovesAndOneGatewayProvesBothSides(StorySystem system) {
    Journey journey = Journey.ofUniqueDirectly(system).begin();
    journey.assertUniqueArrived();

    EvidenceReport report =
        EvidenceVerifier.verify(
            journey.alpha().evidence(journey.id()),
            List.copyOf(Pem.certificates(system.alpha().entity().certificate())));
    assertThat(report.findings()).isEmpty();
    assertThat(report.outcome().end()).isEqualTo(End.COMPLETED);
    assertThat(Journeys.steps(report)).hasSize(5);
  }

  @Test
  @Tag("ODAP-14")
  void partOfBalanceMoves(StorySystem system) {
    Journey.ofUnitsDirectly(system).begin().assertUnitsArrived();
  }

  @Test
  void lockThatFailsLeavesBothLedgersAsTheyWere(StorySystem system) {
    Journey journey = Journey.ofUnitsDirectly(system);
    journey.order().setAsset(Client.amount(101));
    journey.begin();

    Journey.assertFailed(
        journey.senderEnd(),
        TransferOutcome.TRANSFER_OUTCOME_ROLLED_BACK,
        ErrorReason.ERROR_REASON_BALANCE_TOO_LOW,
        "expected: at least 101");
    Journey.assertFailed(
        journey.recipientEnd(),
        TransferOutcome.TRANSFER_OUTCOME_ROLLED_BACK,
        ErrorReason.ERROR_REASON_PEER_ROLLED_BACK,
        "BALANCE_TOO_LOW");
    journey.assertNothingMoved();
  }
}
