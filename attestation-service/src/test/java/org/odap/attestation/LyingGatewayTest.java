package org.odap.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DescribeRequest;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LedgerServiceGrpc.LedgerServiceBlockingStub;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.api.threshold.v1.CollectSignatureRequest;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.GenerateKeyRequest;
import org.odap.api.threshold.v1.GenerateKeyResponse;
import org.odap.api.threshold.v1.GroupKey;
import org.odap.api.threshold.v1.ParticipantServiceGrpc;
import org.odap.api.threshold.v1.QuorumServiceGrpc;
import org.odap.api.threshold.v1.QuorumServiceGrpc.QuorumServiceBlockingStub;
import org.odap.api.threshold.v1.SignPartiallyRequest;
import org.odap.api.threshold.v1.Statement;
import org.odap.attestation.participant.ParticipantConfig;
import org.odap.attestation.quorum.QuorumConfig;
import org.odap.core.envelope.Hash;
import org.odap.core.quorum.Statements;
import org.odap.ledger.sql.SqlLedgerConfig;
import org.odap.ledger.sql.SqlLedgerMain;
import org.odap.quorum.GroupConfig;
import org.odap.quorum.MemberConfig;
import org.odap.quorum.QuorumProof;
import org.odap.runtime.encryption.TestKeys;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.RunningService;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.rpc.RpcTarget;

/**
 * A SQL ledger, three of its members with their signers, who collects, and a gateway that lies: all
 * services as they are, over mutual TLS.
 */
class LyingGatewayTest {
  private static final String LEDGER = "register";
  private static final int MEMBERS = 3;
  private static final Identity ADAPTER = new Identity("odapledger://alpha.example/register");
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  private static final Identity QUORUM = new Identity("odapquorum://alpha.example/quorum");
  private static final Asset TITLE =
      Asset.newBuilder()
          .setKind(AssetKind.ASSET_KIND_UNIQUE)
          .setAssetClass("title")
          .setAssetId("17")
          .build();
  private static final String HASH_TX = Hash.of(new byte[] {1});

  @TempDir Path folder;
  private DevelopmentPki pki;
  private final List<RunningService> services = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final List<MemberConfig> members = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private LedgerServiceBlockingStub ledger;
  private QuorumServiceBlockingStub quorum;

  @BeforeEach
  void start() throws Exception {
    pki = DevelopmentPki.create(folder.resolve("pki"), "alpha.example");
    RunningService adapter = startLedger();
    ledger = LedgerServiceGrpc.newBlockingStub(channel(adapter.port(), ADAPTER));
    for (int i = 1; i <= MEMBERS; i++) {
      members.add(
          new MemberConfig(
              identity(i).uri(),
              SigningKey.read(key(i, "signing")).publicKey(),
              SigningKey.read(key(i, "encryption")).publicKey(),
              Optional.empty()));
    }
    for (int i = 1; i <= MEMBERS; i++) {
      ports.add(startParticipant(i, adapter.port()).port());
    }
    RunningService collecting = startQuorum();
    quorum =
        QuorumServiceGrpc.newBlockingStub(channel(collecting.port(), QUORUM))
            .withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private static Identity identity(int member) {
    return new Identity("odapparticipant://alpha.example/member-" + member);
  }

  private Path key(int member, String use) {
    return pki.issue(identity(member), use + "-" + member, List.of()).key();
  }

  private TlsFiles tls(Identity identity) {
    return pki.issue(identity, identity.uri().replaceAll("\\W", "-"), List.of());
  }

  private ManagedChannel channel(int port, Identity server) {
    ManagedChannel channel =
        RpcChannels.channel("127.0.0.1", port, TlsMaterial.load(tls(GATEWAY)), server);
    channels.add(channel);
    return channel;
  }

  private RunningService startLedger() throws Exception {
    List<CallerRule> callers = new ArrayList<>();
    callers.add(new CallerRule(GATEWAY.uri(), List.of("odap.ledger.v1.LedgerService")));
    for (int i = 1; i <= MEMBERS; i++) {
      callers.add(
          new CallerRule(identity(i).uri(), List.of("odap.ledger.v1.LedgerService/GetStep")));
    }
    SqlLedgerConfig config =
        new SqlLedgerConfig(
            tls(ADAPTER),
            RpcServerConfig.loopback(callers),
            OperationsConfig.standard(),
            LEDGER,
            "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1",
            Optional.empty(),
            Optional.empty(),
            4,
            false,
            List.of(new SqlLedgerConfig.AssetClassConfig("title", SqlLedgerConfig.Kind.UNIQUE)));
    RunningService service = SqlLedgerMain.service().start(config, Set.of());
    services.add(service);
    return service;
  }

  private RunningService startParticipant(int member, int ledgerPort) throws Exception {
    ParticipantConfig participant =
        new ParticipantConfig(
            new RpcTarget("127.0.0.1:" + ledgerPort, ADAPTER.uri()),
            folder.resolve("pki/signing-" + member + "-key.pem"),
            folder.resolve("pki/encryption-" + member + "-key.pem"),
            folder.resolve("participant-" + member),
            TestKeys.config(folder, "at-rest-" + member),
            List.of(group(members)),
            List.of(),
            false);
    return start(
        identity(member),
        new CallerRule(QUORUM.uri(), List.of("odap.threshold.v1.ParticipantService")),
        Optional.of(participant),
        Optional.empty());
  }

  private static GroupConfig group(List<MemberConfig> members) {
    return new GroupConfig(LEDGER, 1, Optional.empty(), members);
  }

  private RunningService startQuorum() throws Exception {
    List<MemberConfig> reached = new ArrayList<>();
    for (int i = 0; i < MEMBERS; i++) {
      MemberConfig member = members.get(i);
      reached.add(
          new MemberConfig(
              member.identity(),
              member.pubkey(),
              member.encryptionKey(),
              Optional.of("127.0.0.1:" + ports.get(i))));
    }
    QuorumConfig config =
        new QuorumConfig(
            group(reached),
            List.of(),
            folder.resolve("quorum"),
            TestKeys.config(folder, "dealing").keys().getFirst(),
            Duration.ofSeconds(20),
            Duration.ofSeconds(20));
    return start(
        QUORUM,
        new CallerRule(GATEWAY.uri(), List.of("odap.threshold.v1.QuorumService")),
        Optional.empty(),
        Optional.of(config));
  }

  private RunningService start(
      Identity identity,
      CallerRule caller,
      Optional<ParticipantConfig> participant,
      Optional<QuorumConfig> collecting)
      throws Exception {
    AttestationConfig config =
        new AttestationConfig(
            tls(identity),
            RpcServerConfig.loopback(List.of(caller)),
            OperationsConfig.standard(),
            Optional.empty(),
            Optional.empty(),
            participant,
            collecting);
    assertThat(config.mistakes()).isEmpty();
    RunningService service = AttestationMain.service().start(config, Set.of());
    services.add(service);
    return service;
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    services.reversed().forEach(RunningService::close);
  }

  private LedgerClaim lock() {
    assertThat(
            ledger
                .create(
                    CreateRequest.newBuilder()
                        .setRequestId("create")
                        .setAsset(TITLE)
                        .setOwner("alice")
                        .build())
                .getOutcome()
                .getState())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_DONE);
    assertThat(
            ledger
                .write(
                    WriteRequest.newBuilder()
                        .setRequestId("approve")
                        .setLocation("approvals/title/alice")
                        .setValue("{\"approved\":true}")
                        .build())
                .getOutcome()
                .getState())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_DONE);
    long now = ledger.describe(DescribeRequest.getDefaultInstance()).getLedgerTime();
    return ledger
        .lock(
            LockRequest.newBuilder()
                .setKey(
                    StepKey.newBuilder().setTransferId(UUID.randomUUID().toString()).setEpoch(1))
                .setAsset(TITLE)
                .setOwner("alice")
                .setLockExpiry(now + 600_000)
                .setReference(HASH_TX)
                .build())
        .getOutcome()
        .getClaim();
  }

  private CollectSignatureResponse collect(Statement statement) {
    return quorum.collectSignature(
        CollectSignatureRequest.newBuilder().setKeyId("key").setStatement(statement).build());
  }

  @Test
  @Tag("IT-3")
  @Tag("IT-10")
  void aGatewayThatClaimsALockThatIsNotThereGetsNoSignature() {
    GroupKey key =
        quorum.generateKey(GenerateKeyRequest.newBuilder().setKeyId("key").build()).getKey();
    Statement truth = Statements.of(HASH_TX, lock());

    CollectSignatureResponse signed = collect(truth);
    assertThat(signed.getWrongList()).isEmpty();
    assertThat(signed.getSignature().getPublicKey()).isEqualTo(key.getPublicKey());
    assertThat(QuorumProof.mistake(key.getGroup(), truth, signed.getSignature())).isEmpty();

    String never = UUID.randomUUID().toString();
    LedgerClaim invented =
        truth.getClaim().toBuilder().setTransferId(never).setTransactionId("invented").build();
    assertThat(refusal(() -> collect(Statements.of(HASH_TX, invented))).description())
        .contains("1: CLAIM_WRONG", "2: CLAIM_WRONG", "3: CLAIM_WRONG");
    LedgerClaim longer =
        truth.getClaim().toBuilder().setLockExpiry(truth.getClaim().getLockExpiry() + 1).build();
    assertThat(refusal(() -> collect(Statements.of(HASH_TX, longer))).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_THRESHOLD_NOT_MET);

    services.get(2).close();
    assertThat(collect(truth).getSignature().getSignature())
        .isEqualTo(signed.getSignature().getSignature());
    assertThat(collect(truth).getSilentList()).containsExactly(2);
  }

  @Test
  void whoCollectsIsWellWhileEnoughMembersAreAndAMemberWhileItsLedgerIs() {
    RunningService adapter = services.getFirst();
    RunningService third = services.get(3);
    RunningService collecting = services.getLast();
    await(() -> third.health().isReady() && collecting.health().isReady());

    services.get(1).close();
    services.get(2).close();
    await(() -> !collecting.health().isReady());
    assertThat(collecting.health().details())
        .containsEntry("participants", "1 of 3 participants well (expected: 2 or more)");
    assertThat(third.health().isReady()).isTrue();

    adapter.close();
    await(() -> !third.health().isReady());
    assertThat(third.health().details()).containsEntry("store", "ok");
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  @Test
  void aMemberCountsWhatItGaveAndWhatItRefused() throws Exception {
    GenerateKeyResponse _ =
        quorum.generateKey(GenerateKeyRequest.newBuilder().setKeyId("key").build());
    Statement truth = Statements.of(HASH_TX, lock());
    CollectSignatureResponse _ = collect(truth);
    LedgerClaim other = truth.getClaim().toBuilder().setTransactionId("invented").build();
    OdapException _ = refusal(() -> collect(Statements.of(HASH_TX, other)));

    // Two signatures are enough; the third member may not have got to it.
    int signed = 0;
    for (RunningService member : services.subList(1, 1 + MEMBERS)) {
      String metrics = metrics(member);
      signed += metrics.contains("odap_participant_signatures_total 1.0") ? 1 : 0;
      assertThat(metrics)
          .containsPattern(
              "odap_participant_refusals_total\\{reason=\"(CLAIM_WRONG|STEP_CONFLICT)\"} 1");
    }
    assertThat(signed).isGreaterThanOrEqualTo(2);
    assertThat(metrics(services.getLast()))
        .contains("odap_quorum_round_seconds_bucket{outcome=\"signed\"");
  }

  private static String metrics(RunningService service) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + service.operationsPort() + "/metrics");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
    }
  }

  @Test
  @Tag("IT-3")
  void aGatewayDoesNotReachAParticipantPastWhoCollects() {
    OdapException refusal =
        refusal(() ->
            ParticipantServiceGrpc.newBlockingStub(channel(ports.getFirst(), identity(1)))
                .signPartially(SignPartiallyRequest.getDefaultInstance()));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  private static OdapException refusal(Runnable call) {
    StatusRuntimeException status = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(status).isNotNull();
    return OdapErrors.fromGrpc(status);
  }
}
