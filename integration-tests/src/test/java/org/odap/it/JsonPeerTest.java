package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.api.common.v1.Asset;
import org.odap.core.evidence.EvidenceReport;
import org.odap.core.evidence.EvidenceReport.End;
import org.odap.core.evidence.EvidenceVerifier;
import org.odap.it.system.Client;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;
import org.odap.runtime.identity.Pem;

/** Beta's gateway sends its messages to alpha's as JSON over HTTP (API type 2). */
@ExtendWith(SharedSystem.class)
class JsonPeerTest {
  @Test
  @Tag("CARD-4")
  @Tag("ODAP-18")
  void aTransferWhoseSenderSpeaksJsonIsProvenLikeAnyOther(StorySystem system) {
    Client beta = new Client(system.beta());
    Client alpha = new Client(system.alpha());
    Asset asset = Client.unique();
    String origin = Client.account("bob");
    String destination = Client.account("alice");
    alpha.awaitLedgers();
    beta.awaitLedgers();
    beta.issue("sql-beta", Profile.TITLE, asset, origin);
    beta.approve("sql-beta", Profile.TITLE, origin);

    String id =
        beta.start(
            beta.order("sql-beta", system.alpha(), Journey.FROM, Profile.TITLE, asset)
                .setOrigin(origin)
                .setDestination(destination)
                .build());
    Journeys.completed(beta, alpha, id);

    assertThat(alpha.holdings(Journey.FROM, destination))
        .containsExactly("titles/" + asset.getAssetId());
    EvidenceReport report =
        EvidenceVerifier.verify(
            beta.evidence(id).toBuilder().addAllLogs(alpha.evidence(id).getLogsList()).build(),
            Stream.of(system.alpha(), system.beta())
                .flatMap(one -> Pem.certificates(one.entity().certificate()).stream())
                .toList());
    assertThat(report.findings()).isEqualTo(List.of());
    assertThat(report.outcome().end()).isEqualTo(End.COMPLETED);
  }
}
