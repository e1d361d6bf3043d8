package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.cli.evidence.Vouched;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.MembersPlan;
import org.odap.cli.system.MembersPlan.Keys;
import org.odap.cli.system.RunningMembers;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;

/**
 * The InterTrust mode between two ledgers with four members each, every one a process: each side
 * deals the other's members a key for the transfer.
 */
class InterTrustTransferTest {
  private static RunningSystem system;
  private static TitleTransfers transfers;
  private static RunningMembers alphas;
  private static RunningMembers betas;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    Path folder = Files.createTempDirectory(Files.createDirectories(target), "intertrust-");
    Side alpha = new Side("alpha", LedgerKind.SQL);
    Side beta = new Side("beta", LedgerKind.SQL);
    SystemPlan plan =
        new SystemPlan(folder, alpha, beta, true, SystemPlan.SMALL)
            .with(new MembersPlan(4, 1, Keys.DEALT, 1));
    system = RunningSystem.start(plan, Installation.here(), progress -> {});
    transfers = new TitleTransfers(system);
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

  @Test
  @Tag("IT-2")
  @Tag("IT-4")
  void eachTransferIsVouchedForWithKeysOfItsOwn() {
    List<Vouched> first = vouchedFor(completed());
    List<Vouched> second = vouchedFor(completed());

    assertThat(key(first.get(0))).isEqualTo(key(first.get(2))).isNotEqualTo(key(second.get(0)));
    assertThat(key(first.get(1))).isEqualTo(key(first.get(3))).isNotEqualTo(key(second.get(1)));
    assertThat(key(first.get(0))).isNotEqualTo(key(first.get(1)));
  }

  @Test
  @Tag("IT-6")
  void membersThatHangHoldNothingUp() throws InterruptedException, IOException {
    signal("STOP", alphas.name(2));
    signal("STOP", betas.name(3));
    try {
      assertThat(vouchedFor(completed()))
          .allSatisfy(one ->
              assertThat(one.signature().getSignersList())
                  .hasSize(2)
                  .noneMatch(signer ->
                      signer.getIndex()
                          == (one.statement().getClaim().getDltSystem().equals("sql-alpha")
                              ? 2
                              : 3)));
    } finally {
      signal("CONT", alphas.name(2));
      signal("CONT", betas.name(3));
    }
  }

  private static String completed() {
    String title = transfers.issue();
    String id = transfers.start(title);
    assertThat(transfers.ended(id)).isEqualTo(TransferOutcome.TRANSFER_OUTCOME_COMPLETED);
    assertThat(transfers.whereabouts(title))
        .containsExactly("nowhere", system.beta().holder() + " RECORD_STATE_AVAILABLE");
    return id;
  }

  /** Unlock (log-incoming) is signed upon the signed lock, and shown before phase 3. */
  private static List<Vouched> vouchedFor(String id) {
    List<Vouched> vouched = transfers.vouchedFor(id);
    assertThat(vouched)
        .extracting(one -> one.statement().getClaim().getStep())
        .containsExactly(
            LedgerStep.LEDGER_STEP_LOCK,
            LedgerStep.LEDGER_STEP_LOG_INCOMING,
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            LedgerStep.LEDGER_STEP_CREATE);
    ParticipantGroup source = alphas.group();
    ParticipantGroup destination = betas.group();
    assertThat(vouched).allMatch(one -> one.isBy(source) || one.isBy(destination));
    return vouched;
  }

  private static String key(Vouched vouched) {
    return vouched.signature().getPublicKey();
  }

  private static void signal(String signal, String process)
      throws IOException, InterruptedException {
    long pid =
        system.processes().running().stream()
            .filter(one -> one.name().equals(process))
            .findFirst()
            .orElseThrow()
            .pid();
    int taken = new ProcessBuilder("kill", "-" + signal, Long.toString(pid)).start().waitFor();
    assertThat(taken).isZero();
  }
}
