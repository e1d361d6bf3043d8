package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
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
@TestMethodOrder(MethodOrderer.OrderAnnotation.class) // The order costs the fewest starts.
class QuorumTransferTest {
  private static final MembersPlan FOUR = new MembersPlan(4, 1, MembersPlan.Keys.OWN, 1);

  private static RunningSystem system;
  private static TitleTransfers transfers;
  private static RunningMembers alphas;
  private static RunningMembers betas;

  /** How a member is. */
  private enum Member {
    HONEST,
    SILENT,
    LYING
  }

  private static final Map<RunningMembers, Map<Integer, Member>> NOW = new HashMap<>();

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

  /** Makes members what a story wants them to be; all that is not so already. */
  private static void make(RunningMembers members, Member wanted, Integer... numbers)
      throws InterruptedException {
    Map<Integer, Member> now = NOW.computeIfAbsent(members, all -> new HashMap<>());
    Integer[] others =
        Stream.of(numbers)
            .filter(number -> now.getOrDefault(number, Member.HONEST) != wanted)
            .toArray(Integer[]::new);
    switch (wanted) {
      case HONEST -> members.restart(others);
      case SILENT -> members.kill(others);
      case LYING -> members.lie(others);
    }
    Stream.of(numbers).forEach(number -> now.put(number, wanted));
  }

  @Test
  @Order(1)
  @Tag("IT-3")
  void membersVouchForLockExtinctionAndCreation() throws InterruptedException {
    make(alphas, Member.HONEST, 1, 2, 3, 4);
    make(betas, Member.HONEST, 1, 2, 3, 4);
    String title = transfers.issue();

    String id = transfers.start(title);

    assertCompleted(id, title);
  }

  @Test
  @Order(2)
  @Tag("IT-6")
  void asManyAsMayBeFaultyAreSilent() throws InterruptedException {
    make(alphas, Member.HONEST, 1, 2, 3);
    make(alphas, Member.SILENT, 4);
    make(betas, Member.SILENT, 1);
    make(betas, Member.HONEST, 2, 3, 4);
    String title = transfers.issue();

    String id = transfers.start(title);

    assertCompleted(id, title);
    Statement lock = statement(id, LedgerStep.LEDGER_STEP_LOCK);
    assertThat(alphas.collect(alphas.keyId(), lock).getSilentList()).contains(4);
    Statement creation = statement(id, LedgerStep.LEDGER_STEP_CREATE);
    assertThat(betas.collect(betas.keyId(), creation).getSilentList()).contains(1);
  }

  @Test
  @Order(3)
  @Tag("IT-6")
  void asManyAsMayBeFaultyLieAndAreNamed() throws InterruptedException {
    make(alphas, Member.HONEST, 1, 2, 3);
    make(alphas, Member.LYING, 4);
    make(betas, Member.LYING, 1);
    make(betas, Member.HONEST, 2, 3, 4);
    String title = transfers.issue();

    String id = transfers.start(title);

    assertCompleted(id, title);
    assertNamed(alphas, statement(id, LedgerStep.LEDGER_STEP_LOCK), 4);
    assertNamed(betas, statement(id, LedgerStep.LEDGER_STEP_CREATE), 1);
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
  @Order(4)
  @Tag("IT-4")
  void whoCrashedAfterItSignedGivesTheSameAgainAndNothingElse() throws InterruptedException {
    make(alphas, Member.HONEST, 1, 2, 3);
    make(betas, Member.HONEST, 2, 3, 4);
    String title = transfers.issue();
    String id = transfers.start(title);
    assertCompleted(id, title);
    Statement lock = statement(id, LedgerStep.LEDGER_STEP_LOCK);
    ParticipantSignature before = signed(1, lock);

    make(alphas, Member.SILENT, 1);
    make(alphas, Member.HONEST, 1);

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
  @Order(5)
  @Tag("IT-6")
  void aLockTooFewVouchForIsReleased() throws InterruptedException {
    make(alphas, Member.SILENT, 1, 2, 3);
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
