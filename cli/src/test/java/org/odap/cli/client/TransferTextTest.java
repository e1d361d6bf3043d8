package org.odap.cli.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.client.v1.Transfer;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.client.v1.Trouble;
import org.odap.api.common.v1.ErrorReason;

/** How a transfer that gets no further looks to its operator. */
class TransferTextTest {
  private static final Transfer RUNNING =
      Transfer.newBuilder()
          .setTransferId("t-1")
          .setState("CREATING")
          .setOutcome(TransferOutcome.TRANSFER_OUTCOME_RUNNING)
          .build();

  private static final Transfer TROUBLED =
      RUNNING.toBuilder()
          .setTrouble(
              Trouble.newBuilder()
                  .setEffect("create on sql-1")
                  .setReason(ErrorReason.ERROR_REASON_UNAVAILABLE)
                  .setDescription("connection refused")
                  .setSince(1_790_000_000_000L)
                  .setAttempts(3))
          .build();

  @Test
  @Tag("2PC-8")
  void statusTellsWhatIsTriedInVain() {
    assertThat(TransferText.details(TROUBLED))
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("trouble")
                .endsWith(
                    "create on sql-1: UNAVAILABLE, 3 attempts since 2026-09-21T14:13:20Z"
                        + " (connection refused)"));
    assertThat(TransferText.details(RUNNING)).noneMatch(line -> line.startsWith("trouble"));
  }

  @Test
  @Tag("2PC-8")
  void listTellsWhy() {
    List<String> list = TransferText.list(List.of(TROUBLED, RUNNING));

    assertThat(list.get(1)).contains("CREATING (UNAVAILABLE)");
    assertThat(list.get(2)).contains("CREATING").doesNotContain("UNAVAILABLE");
  }

  /** What a person has to do stands before what the gateway tries by itself. */
  @Test
  void disputeAndDecisionComeFirst() {
    assertThat(TransferText.list(List.of(TROUBLED.toBuilder().setDisputed(true).build())).get(1))
        .contains("logs disagree");
    assertThat(
            TransferText.list(List.of(TROUBLED.toBuilder().setAwaitsDecision(true).build())).get(1))
        .contains("odap approve or decline");
  }
}
