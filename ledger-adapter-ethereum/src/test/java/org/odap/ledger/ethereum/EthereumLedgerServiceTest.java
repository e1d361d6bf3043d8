package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
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
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.ledger.ethereum.development.Deployment;
import org.odap.ledger.ethereum.development.DevelopmentChain;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.ledger.conformance.TransferUnderTest;
import org.odap.runtime.lifecycle.RunningService;
import org.odap.runtime.lifecycle.StartException;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;

/** The adapter as a service: configured by file, behind mutual TLS, in front of a demo chain. */
final class EthereumLedgerServiceTest {
  private static final Identity ADAPTER = new Identity("odapledger://alpha.example/ethereum");
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway");
  private static final Identity OTHER = new Identity("odapgw://alpha.example/other");

  @TempDir Path folder;
  private Anvil anvil;
  private Deployment deployment;
  private TlsFiles gatewayTls;
  private TlsFiles otherTls;

  @BeforeEach
  void start() throws IOException {
    anvil = Anvil.start();
    deployment = DevelopmentChain.setUp(anvil.url(), folder);
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    TlsFiles _ = pki.issue(ADAPTER, "adapter", List.of());
    gatewayTls = pki.issue(GATEWAY, "gateway", List.of());
    otherTls = pki.issue(OTHER, "other", List.of());
  }

  private Deployment.Adapter adapter() {
    return deployment.adapter();
  }

  @AfterEach
  void stop() {
    anvil.close();
  }

  private EthereumLedgerConfig config(String chainId, String escrow) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("ethereum.yaml"),
            """
            tls:
              certificate: adapter.pem
              key: adapter-key.pem
              trusted:
                - organization: alpha.example
                  certificate: entity.pem
            server:
              callers:
                - identity: odapgw://alpha.example/gateway
                  services: [odap.ledger.v1.LedgerService]
            dlt-system: ethereum-demo
            node-url: %s
            chain-id: %s
            escrow: "%s"
            account-key-file: adapter.key
            finality:
              rule: instant
            """
                .formatted(anvil.url(), chainId, escrow));
    return ConfigFile.read(file, EthereumLedgerConfig.class);
  }

  private EthereumLedgerConfig config() throws IOException {
    return config("31337", deployment.escrow().text());
  }

  private static LedgerServiceGrpc.LedgerServiceBlockingStub ledger(ManagedChannel channel) {
    return LedgerServiceGrpc.newBlockingStub(channel);
  }

  @Test
  @Tag("CARD-3")
  void servesTheGatewayItKnowsAndNobodyElse() throws Exception {
    try (RunningService service = EthereumLedgerMain.service().start(config(), Set.of())) {
      ManagedChannel gateway =
          RpcChannels.channel("127.0.0.1", service.port(), TlsMaterial.load(gatewayTls), ADAPTER);
      ManagedChannel other =
          RpcChannels.channel("127.0.0.1", service.port(), TlsMaterial.load(otherTls), ADAPTER);
      try {
        long now = ledger(gateway).describe(DescribeRequest.getDefaultInstance()).getLedgerTime();
        Asset title =
            Asset.newBuilder()
                .setKind(AssetKind.ASSET_KIND_UNIQUE)
                .setAssetClass(deployment.title().text())
                .setAssetId("1001")
                .build();
        CreateRequest issue =
            CreateRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setAsset(title)
                .setOwner(deployment.originator().text())
                .build();
        TransferUnderTest.done(ledger(gateway).create(issue).getOutcome());
        LockRequest lock =
            LockRequest.newBuilder()
                .setKey(
                    StepKey.newBuilder().setTransferId(UUID.randomUUID().toString()).setEpoch(1))
                .setAsset(title)
                .setOwner(deployment.originator().text())
                .setLockExpiry(now + 60_000)
                .setReference(Requests.HASH)
                .build();
        TransferUnderTest.done(ledger(gateway).lock(lock).getOutcome());

        assertThatThrownBy(() -> ledger(other).lock(lock))
            .isInstanceOfSatisfying(
                StatusRuntimeException.class,
                e ->
                    assertThat(OdapErrors.fromGrpc(e).reason())
                        .isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN));
      } finally {
        gateway.shutdownNow();
        other.shutdownNow();
      }
    }
  }

  @Test
  @Tag("CARD-6")
  void isReadyOnlyWhileItsNodeAnswers() throws Exception {
    try (RunningService service = EthereumLedgerMain.service().start(config(), Set.of())) {
      assertThat(service.health().isReady()).isTrue();
      assertThat(metricsOf(service))
          .contains("odap_ledger_ethereum_transactions_waiting 0.0")
          .contains("odap_ledger_ethereum_transactions_replaced_total 0.0")
          .contains("odap_ledger_ethereum_transactions_lost_total 0.0")
          .contains("odap_ledger_ethereum_steps_taken_back_total 0.0");
      anvil.close();
      Await.until("the adapter is unready", () -> !service.health().isReady());
      assertThat(service.health().details().get("ethereum-node")).contains("did not answer");
      assertThat(service.health().isLive()).isTrue();
    }
  }

  private static String metricsOf(RunningService service) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + service.operationsPort() + "/metrics");
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  @Test
  @Tag("CARD-5")
  void doesNotStartOnAnotherChain() throws Exception {
    EthereumLedgerConfig config = config("1", deployment.escrow().text());
    assertThatThrownBy(() -> EthereumLedgerMain.service().start(config, Set.of()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("chain-id: value: 31337 (expected: 1)");
  }

  @Test
  @Tag("CARD-5")
  void doesNotStartWithoutItsEscrow() throws Exception {
    EthereumLedgerConfig config = config("31337", deployment.originator().text());
    assertThatThrownBy(() -> EthereumLedgerMain.service().start(config, Set.of()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("no contract");
  }

  @Test
  @Tag("CARD-5")
  void doesNotStartWithAKeyThatOthersCanRead() throws Exception {
    Files.setPosixFilePermissions(
        adapter().keyFile(), PosixFilePermissions.fromString("rw-r--r--"));
    EthereumLedgerConfig config = config();
    assertThatThrownBy(() -> EthereumLedgerMain.service().start(config, Set.of()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("permissions: rw-r--r-- (expected: closed to others");
  }

  @Test
  @Tag("CARD-6")
  void defaultsAndMistakesAreTold() throws Exception {
    EthereumLedgerConfig config = config();
    assertThat(config.nodeTimeout()).hasSeconds(10);
    assertThat(config.startBlock()).isZero();
    assertThat(config.finality().confirmations()).isEqualTo(12);
    assertThat(config.finality().usualTime()).hasSeconds(5);
    assertThat(config.fees().tipMinWei()).isZero();
    assertThat(config.fees().perGasMaxWei()).isEqualTo(500_000_000_000L);
    assertThat(config.fees().stuckAfter()).hasSeconds(60);
    assertThat(config.pollInterval()).hasMillis(500);
    assertThat(config.stepWait()).hasSeconds(30);
    assertThat(config.nodeAuthorizationFile()).isEmpty();

    String lowerCase = deployment.escrow().text().toLowerCase(Locale.ROOT);
    assertThatThrownBy(() -> config("0", "0x12")).hasMessageContaining("chain-id: value: 0");
    assertThatThrownBy(() -> config("31337", lowerCase))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("escrow: value: " + lowerCase + " (expected: an ERC-55 address)");
  }

  @Test
  @Tag("CARD-5")
  void aDemonstrationStartsOnAnEmptyLedger() throws Exception {
    assertThat(Deployment.read(folder)).isEqualTo(deployment);
    assertThat(DevelopmentChain.holdings(deployment, List.of(adapter().account())))
        .contains("\"cashSupply\" : \"0\"")
        .contains("\"account\" : \"" + adapter().account() + "\"");
    assertThat(Files.getPosixFilePermissions(adapter().keyFile()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
  }
}
