package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.odap.api.client.v1.GatewayRole;
import org.odap.core.evidence.Deed;
import org.odap.core.evidence.EvidenceReport;
import org.odap.it.system.Client;

/** What several stories look at. */
final class Journeys {
  private Journeys() {}

  /** Waits until both gateways say a transfer is complete. */
  static void completed(Client sender, Client recipient, String id) {
    assertThat(sender.awaitEnd(id, GatewayRole.GATEWAY_ROLE_SENDER).getState())
        .isEqualTo("COMPLETED");
    assertThat(recipient.awaitEnd(id, GatewayRole.GATEWAY_ROLE_RECIPIENT).getState())
        .isEqualTo("COMPLETED");
  }

  /** The ledger steps of a report's story in their order, with who did them. */
  static List<String> steps(EvidenceReport report) {
    return report.story().stream()
        .flatMap(line ->
            line.act().deed() instanceof Deed.StepFinished finished
                ? Stream.of(line.role() + " " + finished.claim().getStep())
                : Stream.empty())
        .toList();
  }
}
