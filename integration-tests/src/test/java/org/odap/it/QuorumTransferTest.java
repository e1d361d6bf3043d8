package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.LedgerStep;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.MembersPlan;
import org.odap.cli.system.RunningMembers;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;

/**
 * Two ledgers with four members each, every one a process, who vouch for what their gateways claim:
 * one of them may be faulty, two make a signature. What they are asked for they look up on their
 * own ledger.
 */
class QuorumTransferTest {
  private static final MembersPlan FOUR = new MembersPlan(4, 1, 1);

  private static RunningSystem system;
  private static QuorumTransfers transfers;
  private static RunningMembers alphas;
  private static RunningMembers betas;

  private final List<Integer> alphasFaulty = new ArrayList<>();
  private final List<Integer> betasFaulty = new ArrayList<>();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    Path folder = Files.createTempDirectory(Files.createDirectories(target), "quorum-");
    Side alpha = new Side("alpha", LedgerKind.ETHEREUM);
    Side beta = new Side("beta", LedgerKind.SQL);
    SystemPlan plan =
        new SystemPlan(
                folder,
                alpha,
                beta,
                true,
                SystemPlan.SMALL,
                0,
                // How long a lock nobody vouches for is tried to be vouched for.
                Map.of("timing", Map.of("patience", "4s")))
            .with(FOUR);
    system = RunningSystem.start(plan, Installation.here(), progress -> {});
    transfers = new QuorumTransfers(system);
    alphas = system.members(alpha);
    betas = system.members(beta);
  }

  @AfterAll
  static void stop() {
    if (transfers != null) {
      transfers.close();
    }
    if (system != null) {
      system.close();
    }
  }

  @AfterEach
  void heal() throws InterruptedException {
    alphas.restart(alphasFaulty.toArray(Integer[]::new));
    betas.restart(betasFaulty.toArray(Integer[]::new));
  }

  @Test
  @Tag("IT-3")
  @Tag("IT-6")
  void membersVouchForLockExtinctionAndCreation() {
    String title = transfers.issue();

    String id = transfers.start(title);

    assertThat(transfers.ended(id)).isEqualTo(TransferOutcome.TRANSFER_OUTCOME_COMPLETED);
    assertThat(transfers.owners(title)).containsExactly("", transfers.holderAfter());
    assertThat(transfers.vouchedFor(id))
        .extracting(QuorumTransfers.Vouched::step)
        .containsExactly(
            LedgerStep.LEDGER_STEP_LOCK,
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            LedgerStep.LEDGER_STEP_CREATE);
  }
}
