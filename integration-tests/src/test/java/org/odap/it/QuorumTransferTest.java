package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.ParticipantServiceGrpc;
import org.odap.api.threshold.v1.ParticipantSignature;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.Statement;
import org.odap.cli.evidence.Vouched;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.MembersPlan;
import org.odap.cli.system.RunningMembers;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.core.quorum.Statements;
import org.odap.it.system.Client;
import org.odap.it.system.Conditions;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

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
  void membersVouchForLockExtinctionAndCreation() {
    String title = transfers.issue();

    String id = transfers.start(title);

    assertCompleted(id, title);
  }

  @Test
  @Tag("IT-6")
  void asManyAsMayBeFaultyAreSilent() throws InterruptedException {
    silence(alphas, alphasFaulty, 4);
    silence(betas, betasFaulty, 1);
    String title = transfers.issue();

    String id = transfers.start(title);

    assertCompleted(id, title);
    Statement lock = statement(id, LedgerStep.LEDGER_STEP_LOCK);
    assertThat(alphas.collect(alphas.keyId(), lock).getSilentList()).contains(4);
    Statement creation = statement(id, LedgerStep.LEDGER_STEP_CREATE);
    assertThat(betas.collect(betas.keyId(), creation).getSilentList()).contains(1);
  }

  @Test
  @Tag("IT-6")
  void asManyAsMayBeFaultyLieAndAreNamed() throws InterruptedException {
    alphasFaulty.add(3);
    alphas.lie(3);
    betasFaulty.add(2);
    betas.lie(2);
    String title = transfers.issue();

    String id = transfers.start(title);

    assertCompleted(id, title);
    assertNamed(alphas, statement(id, LedgerStep.LEDGER_STEP_LOCK), 3);
    assertNamed(betas, statement(id, LedgerStep.LEDGER_STEP_CREATE), 2);
  }

  /** Who lies is found out whenever it is among the first to answer. */
  private void assertNamed(RunningMembers members, Statement statement, int liar) {
    CollectSignatureResponse naming =
        Conditions.await(
            "member " + liar + " to be named",
            () -> members.collect(members.keyId(), statement),
            answer -> answer.getWrongCount() > 0);
    assertThat(naming.getWrongList()).containsExactly(liar);
    assertThat(naming.getSignature().getSignersList())
        .extracting(ParticipantSignature::getIndex)
        .doesNotContain(liar);
  }

  @Test
  @Tag("IT-4")
  void whoCrashedAfterItSignedGivesTheSameAgainAndNothingElse() throws InterruptedException {
    String title = transfers.issue();
    String id = transfers.start(title);
    assertCompleted(id, title);
    Statement lock = statement(id, LedgerStep.LEDGER_STEP_LOCK);
    ParticipantSignature before = signed(1, lock);

    silence(alphas, alphasFaulty, 1);
    alphas.restart(1);

    assertThat(signed(1, lock)).isEqualTo(before);
    assertThat(
            Client.reason(() ->
                signed(
                    1,
                    Statements.of(
                        lock.getHashTx(),
                        lock.getClaim().toBuilder().setAccount("somebody else").build()))))
        .isEqualTo(ErrorReason.ERROR_REASON_STEP_CONFLICT);
    assertThat(Client.reason(() -> signed(1, lock.toBuilder().setHashTx("0".repeat(64)).build())))
        .isEqualTo(ErrorReason.ERROR_REASON_STEP_CONFLICT);
  }

  @Test
  @Tag("IT-6")
  void aLockTooFewVouchForIsReleased() throws InterruptedException {
    silence(alphas, alphasFaulty, 1, 2, 3);
    String title = transfers.issue();

    String id = transfers.start(title);

    assertThat(transfers.ended(id)).isEqualTo(TransferOutcome.TRANSFER_OUTCOME_ROLLED_BACK);
    assertThat(transfers.whereabouts(title))
        .containsExactly(system.alpha().holder() + " RECORD_STATE_AVAILABLE", "nowhere");
  }

  private static void assertCompleted(String id, String title) {
    assertThat(transfers.ended(id)).isEqualTo(TransferOutcome.TRANSFER_OUTCOME_COMPLETED);
    assertThat(transfers.whereabouts(title))
        .containsExactly("nowhere", system.beta().holder() + " RECORD_STATE_AVAILABLE");
    List<Vouched> vouched = transfers.vouchedFor(id);
    assertThat(vouched)
        .extracting(one -> one.statement().getClaim().getStep())
        .containsExactly(
            LedgerStep.LEDGER_STEP_LOCK,
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            LedgerStep.LEDGER_STEP_CREATE);
    assertThat(vouched)
        .extracting(one -> one.signature().getPublicKey())
        .containsExactly(alphas.publicKey(), alphas.publicKey(), betas.publicKey());
    ParticipantGroup first = alphas.group();
    ParticipantGroup second = betas.group();
    assertThat(vouched)
        .allMatch(one -> one.isBy(first) || one.isBy(second))
        .noneMatch(one -> one.isBy(first) && one.isBy(second));
  }

  private static void silence(RunningMembers members, List<Integer> faulty, Integer... numbers)
      throws InterruptedException {
    faulty.addAll(List.of(numbers));
    members.kill(numbers);
  }

  private static Statement statement(String id, LedgerStep step) {
    return transfers.vouchedFor(id).stream()
        .filter(vouched -> vouched.statement().getClaim().getStep() == step)
        .findFirst()
        .orElseThrow()
        .statement();
  }

  /** What one of the first ledger's members gives to who collects. */
  private static ParticipantSignature signed(int member, Statement statement) {
    return calling(
        alphas.signer(member),
        alphas.collectorFiles(),
        channel ->
            ParticipantServiceGrpc.newBlockingStub(channel)
                .signPartially(
                    SignPartiallyRequest.newBuilder()
                        .setKeyId(alphas.keyId())
                        .setStatement(statement)
                        .build())
                .getSignature());
  }

  private static <T> T calling(RpcTarget target, TlsFiles files, Function<Channel, T> call) {
    ManagedChannel channel = RpcChannels.channel(target, TlsMaterial.load(files));
    try {
      return call.apply(channel);
    } finally {
      channel.shutdownNow();
    }
  }
}
