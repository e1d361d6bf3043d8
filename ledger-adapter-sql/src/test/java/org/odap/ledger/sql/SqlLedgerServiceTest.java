package org.odap.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DescribeRequest;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LedgerServiceGrpc.LedgerServiceBlockingStub;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.ledger.References;
import org.odap.runtime.lifecycle.RunningService;
import org.odap.runtime.lifecycle.StartException;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServerConfig;

/** The adapter as gateways and operators meet it: over mutual TLS, by the configured rights. */
class SqlLedgerServiceTest {
  private static final Identity ADAPTER = new Identity("odapledger://alpha.example/register");
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway-1");
  private static final Identity OPERATOR = new Identity("odapclient://alpha.example/office/clerk");
  private static final String SERVICE = "odap.ledger.v1.LedgerService/";
  private static final Asset TITLE =
      Asset.newBuilder()
          .setKind(AssetKind.ASSET_KIND_UNIQUE)
          .setAssetClass("title")
          .setAssetId("17")
          .build();

  @TempDir Path folder;
  private DevelopmentPki pki;
  private RunningService service;
  private final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeEach
  void start() throws Exception {
    pki = DevelopmentPki.create(folder, "alpha.example");
    service = start("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", Set.of());
  }

  private RunningService start(String jdbcUrl, Set<String> flags) throws StartException {
    List<CallerRule> callers =
        List.of(
            new CallerRule(
                GATEWAY.uri(), List.of(SERVICE + "Describe", SERVICE + "Lock", SERVICE + "Invoke")),
            new CallerRule(
                OPERATOR.uri(),
                List.of(SERVICE + "Create", SERVICE + "Write", SERVICE + "Subscribe")));
    SqlLedgerConfig config =
        new SqlLedgerConfig(
            pki.issue(ADAPTER, "adapter", List.of()),
            RpcServerConfig.loopback(callers),
            OperationsConfig.standard(),
            "register",
            jdbcUrl,
            Optional.empty(),
            Optional.empty(),
            4,
            false,
            List.of(new SqlLedgerConfig.AssetClassConfig("title", SqlLedgerConfig.Kind.UNIQUE)));
    return SqlLedgerMain.service().start(config, flags);
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    service.close();
  }

  private LedgerServiceBlockingStub as(Identity caller) {
    TlsMaterial tls =
        TlsMaterial.load(pki.issue(caller, caller.uri().replaceAll("\\W", "-"), List.of()));
    ManagedChannel channel = RpcChannels.channel("127.0.0.1", service.port(), tls, ADAPTER);
    channels.add(channel);
    return LedgerServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  private static LockRequest lock(LedgerServiceBlockingStub gateway) {
    long now = gateway.describe(DescribeRequest.getDefaultInstance()).getLedgerTime();
    return LockRequest.newBuilder()
        .setKey(StepKey.newBuilder().setTransferId(UUID.randomUUID().toString()).setEpoch(1))
        .setAsset(TITLE)
        .setOwner("alice")
        .setLockExpiry(now + 60_000)
        .setReference(References.to("agreement"))
        .build();
  }

  private static CreateRequest create() {
    return CreateRequest.newBuilder()
        .setRequestId("first")
        .setAsset(TITLE)
        .setOwner("alice")
        .build();
  }

  @Test
  @Tag("SD-1")
  void aGatewayLocksWhatAnOperatorMadeAndItsOwnerApproved() {
    LedgerServiceBlockingStub operator = as(OPERATOR);
    LedgerServiceBlockingStub gateway = as(GATEWAY);
    assertThat(operator.create(create()).getOutcome().getState())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_DONE);

    StepOutcome refusal = gateway.lock(lock(gateway)).getOutcome();
    assertThat(refusal.getState()).isEqualTo(SubmissionState.SUBMISSION_STATE_FAILED);
    assertThat(refusal.getReason()).isEqualTo(ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);

    WriteRequest approval =
        WriteRequest.newBuilder()
            .setRequestId("second")
            .setLocation("approvals/title/alice")
            .setValue("{\"approved\":true}")
            .build();
    assertThat(operator.write(approval).getOutcome().getState())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_DONE);
    assertThat(gateway.lock(lock(gateway)).getOutcome().getState())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_DONE);
  }

  @Test
  @Tag("CARD-3")
  void aGatewayMayNotDoWhatOperatorsMay() {
    LedgerServiceBlockingStub gateway = as(GATEWAY);
    assertThat(failure(() -> gateway.create(create())).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_PERMISSION_DENIED);
    LedgerServiceBlockingStub stranger = as(new Identity("odapgw://alpha.example/gateway-2"));
    assertThat(failure(() -> stranger.create(create())).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  @Test
  void aMalformedRequestIsRefusedWithEveryFieldThatIsWrong() {
    LedgerServiceBlockingStub gateway = as(GATEWAY);
    LockRequest malformed = lock(gateway).toBuilder().setReference("x").setOwner("").build();

    OdapException failure = failure(() -> gateway.lock(malformed));

    assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_FIELD_INVALID);
    assertThat(failure.fieldViolations())
        .extracting(FieldViolation::field)
        .containsExactly("owner", "reference");
  }

  @Test
  @Tag("ODAP-11")
  void whatTheLedgerCanNotDoIsRefusedAndNotAmongItsCapabilities() {
    LedgerServiceBlockingStub gateway = as(GATEWAY);
    InvokeRequest invoke =
        InvokeRequest.newBuilder().setRequestId("r").setLocation("x").setFunction("f").build();

    assertThat(failure(() -> gateway.invoke(invoke)).reason())
        .isEqualTo(ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED);
    assertThat(gateway.describe(DescribeRequest.getDefaultInstance()).getCapabilitiesList())
        .doesNotContain("INVOKE");
  }

  @Test
  @Tag("ODAP-11")
  void aSubscriberGetsWhatWasAndWhatComesAndMayGoOnFromACursor() {
    LedgerServiceBlockingStub operator = as(OPERATOR);
    Iterator<SubscribeResponse> all =
        operator.subscribe(SubscribeRequest.newBuilder().setCursor("0").build());
    SubscribeResponse opened = all.next();
    assertThat(opened.getEvent()).isEqualTo("write");
    assertThat(opened.getBlockNumber()).isOne();

    String created = operator.create(create()).getOutcome().getClaim().getTransactionId();

    assertThat(all.next().getTransactionId()).isEqualTo(created);
    Iterator<SubscribeResponse> rest =
        operator.subscribe(
            SubscribeRequest.newBuilder()
                .setCursor(opened.getCursor())
                .setLocation("alice")
                .build());
    assertThat(rest.next().getTransactionId()).isEqualTo(created);
  }

  @Test
  @Tag("SD-2")
  void aJournalThatWasTamperedWithKeepsTheServiceDownIfAsked() throws Exception {
    String jdbcUrl = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
    start(jdbcUrl, Set.of("--check-journal")).close();
    start(jdbcUrl, Set.of("--check-journal")).close();
    try (Connection connection = DriverManager.getConnection(jdbcUrl);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("UPDATE journal SET recorded_at = recorded_at + 1");
    }

    assertThatThrownBy(() -> start(jdbcUrl, Set.of("--check-journal")))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("the journal is broken at entry 1");
  }

  @Test
  @Tag("CARD-6")
  void answersAreCountedByActionAndOutcome() throws Exception {
    LedgerServiceBlockingStub gateway = as(GATEWAY);
    assertThat(gateway.lock(lock(gateway)).getOutcome().getReason())
        .isEqualTo(ErrorReason.ERROR_REASON_ASSET_UNKNOWN);

    String metrics = operations("metrics");

    assertThat(metrics)
        .contains("odap_ledger_sql_actions_total{action=\"lock\",outcome=\"ASSET_UNKNOWN\"} 1.0")
        .contains("odap_ledger_sql_actions_total{action=\"write\",outcome=\"done\"} 1.0")
        .contains("odap_ledger_sql_transaction_retries_total 0.0");
    assertThat(operations("health/ready")).contains("database: ok");
  }

  private String operations(String page) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + service.operationsPort() + "/" + page);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static OdapException failure(Runnable call) {
    StatusRuntimeException status = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(status).isNotNull();
    return OdapErrors.fromGrpc(status);
  }
}
