package org.odap.ledger.fabric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.hyperledger.fabric.client.GatewayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.DescribeRequest;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.ledger.v1.LedgerServiceGrpc;
import org.odap.ledger.fabric.evidence.BlockEvidence;
import org.odap.ledger.fabric.network.IdentityFiles;
import org.odap.ledger.fabric.network.Invocation;
import org.odap.ledger.fabric.network.Peer;
import org.odap.ledger.fabric.network.PeerException;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.RunningService;
import org.odap.runtime.lifecycle.StartException;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;

/** The adapter as a service: configured by file, behind mutual TLS, in front of a peer. */
final class FabricLedgerServiceTest {
  private static final Identity ADAPTER = new Identity("odapledger://alpha.example/fabric");
  private static final Identity GATEWAY = new Identity("odapgw://alpha.example/gateway");
  private static final Identity OTHER = new Identity("odapgw://alpha.example/other");

  @TempDir Path folder;
  private DevelopmentChannel channel;
  private IdentityFiles identity;
  private TlsFiles gatewayTls;
  private TlsFiles otherTls;

  @BeforeEach
  void start() {
    channel = DevelopmentChannel.start();
    identity = channel.file().enroll(folder, "gateway", "client", "odap.gateway");
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    TlsFiles _ = pki.issue(ADAPTER, "adapter", List.of());
    gatewayTls = pki.issue(GATEWAY, "gateway", List.of());
    otherTls = pki.issue(OTHER, "other", List.of());
  }

  @AfterEach
  void stop() {
    channel.close();
  }

  private FabricLedgerConfig config(String mspId, String chaincode, String more)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("fabric.yaml"),
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
            dlt-system: alpha-fabric
            peer:
              address: %s
              trusted: %s
            identity:
              msp-id: %s
              certificate: %s
              key: %s
            channel: odap-channel
            chaincode: %s
            %s
            """
                .formatted(
                    channel.file().peer().address(),
                    channel.network().tlsAuthorities(),
                    mspId,
                    identity.certificate(),
                    identity.key(),
                    chaincode,
                    more));
    return ConfigFile.read(file, FabricLedgerConfig.class);
  }

  private FabricLedgerConfig config() throws IOException {
    return config(DevelopmentChannel.FIRST, "odap", "");
  }

  @Test
  @Tag("CARD-3")
  void servesTheGatewayItKnowsAndNobodyElse() throws Exception {
    try (RunningService service = FabricLedgerMain.service().start(config(), Set.of())) {
      ManagedChannel gateway =
          RpcChannels.channel("127.0.0.1", service.port(), TlsMaterial.load(gatewayTls), ADAPTER);
      ManagedChannel other =
          RpcChannels.channel("127.0.0.1", service.port(), TlsMaterial.load(otherTls), ADAPTER);
      try {
        DescribeResponse description =
            LedgerServiceGrpc.newBlockingStub(gateway)
                .describe(DescribeRequest.getDefaultInstance());
        assertThat(description.getLedgerKind()).isEqualTo("fabric");
        assertThat(description.getDltSystem()).isEqualTo("alpha-fabric");
        assertThat(description.getFinalityRule()).isEqualTo("instant");
        assertThat(description.getEvidenceFormatsList()).containsExactly(BlockEvidence.FORMAT);
        assertThatThrownBy(() ->
                LedgerServiceGrpc.newBlockingStub(other)
                    .describe(DescribeRequest.getDefaultInstance()))
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
  void isReadyOnlyWhileItsPeerAnswers() throws Exception {
    try (RunningService service = FabricLedgerMain.service().start(config(), Set.of())) {
      assertThat(service.health().isReady()).isTrue();
      assertThat(metricsOf(service))
          .contains("odap_ledger_fabric_orders_waiting 0.0")
          .contains("odap_ledger_fabric_transactions_invalid_total 0.0")
          .contains("odap_ledger_fabric_transactions_resubmitted_total 0.0")
          .contains("odap_ledger_fabric_streams_reopened_total 0.0");
      channel.faults().stopPeer();
      Await.until("the adapter is unready", () -> !service.health().isReady());
      assertThat(service.health().details().get("fabric-peer")).contains("can't be reached");
      channel.faults().restartPeer();
      Await.until("the adapter is ready again", () -> service.health().isReady());
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
  @Tag("CARD-6")
  void whatKeepsItFromStartingIsSaid() throws Exception {
    startFails(config(DevelopmentChannel.SECOND, "odap", ""), "refuses the adapter's identity");
    Path key = folder.resolve("key.pem");
    try (var files = Files.list(identity.key())) {
      Files.copy(files.findFirst().orElseThrow(), key);
    }
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
    identity = new IdentityFiles(identity.mspId(), identity.certificate(), key);
    startFails(config(), "permissions: rw-r--r-- (expected: closed to others");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r-----"));
    FabricLedgerMain.service().start(config(), Set.of()).close();
    IdentityFiles somebodyElse = channel.file().enroll(folder, "somebody", "client");
    identity = new IdentityFiles(identity.mspId(), identity.certificate(), somebodyElse.key());
    startFails(config(), "is not the key of");
  }

  private static void startFails(FabricLedgerConfig config, String words) {
    assertThatThrownBy(() -> FabricLedgerMain.service().start(config, Set.of()))
        .isInstanceOf(StartException.class)
        .hasMessageContaining(words);
  }

  @Test
  @Tag("CARD-6")
  void renewedFilesAreTakenOverAndWrongOnesAreNot() throws Exception {
    Path certificate = folder.resolve("certificate.pem");
    Path key = folder.resolve("own-key.pem");
    Path trusted = folder.resolve("trusted.pem");
    install(channel.file().enroll(folder, "first", "client"), certificate, key);
    Files.copy(channel.network().tlsAuthorities(), trusted);
    IdentityFiles files = new IdentityFiles(DevelopmentChannel.FIRST, certificate, key);
    try (Peer peer = new Peer(channel.peerConfig(trusted), "odap-channel", List.of(), files)) {
      assertThat(accountOf(peer)).contains("AlphaMSP/first");
      assertThat(peer.reloadIfChanged()).isFalse();

      install(channel.file().enroll(folder, "second", "client"), certificate, key);
      Files.writeString(trusted, Files.readString(trusted) + "\n");
      assertThat(peer.reloadIfChanged()).isTrue();
      assertThat(accountOf(peer)).contains("AlphaMSP/second");

      Files.writeString(certificate, "half a fi");
      assertThat(peer.reloadIfChanged()).isFalse();
      assertThat(accountOf(peer)).contains("AlphaMSP/second");

      install(channel.file().enroll(folder, "third", "client"), certificate, key);
      assertThat(peer.reloadIfChanged()).isTrue();
      assertThat(accountOf(peer)).contains("AlphaMSP/third");
    }
    Files.delete(key);
    assertThatThrownBy(
            () -> new Peer(channel.peerConfig(trusted), "odap-channel", List.of(), files))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("own-key.pem");
  }

  private static String accountOf(Peer peer) throws GatewayException {
    return new String(peer.evaluate(Invocation.of("odap", "GetIdentity")), StandardCharsets.UTF_8);
  }

  private static void install(IdentityFiles from, Path certificate, Path key) throws IOException {
    try (var certificates = Files.list(from.certificate());
        var keys = Files.list(from.key())) {
      // Moved in, as renewals are: the old files' times must not be the new ones'.
      Path newCertificate = certificate.resolveSibling(UUID.randomUUID().toString());
      Path newKey = certificate.resolveSibling(UUID.randomUUID().toString());
      Files.copy(certificates.findFirst().orElseThrow(), newCertificate);
      Files.copy(keys.findFirst().orElseThrow(), newKey);
      Files.setPosixFilePermissions(newKey, PosixFilePermissions.fromString("rw-------"));
      Files.move(newCertificate, certificate, StandardCopyOption.REPLACE_EXISTING);
      Files.move(newKey, key, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Test
  @Tag("CARD-6")
  void theExampleHasNoMistakes() throws Exception {
    Path example = Path.of(System.getProperty("odap.root"), "ledger-adapter-fabric/example.yaml");
    FabricLedgerConfig config = ConfigFile.read(example, FabricLedgerConfig.class);
    assertThat(config.peer().commitTimeout()).hasSeconds(10);
    assertThat(config.chaincodes())
        .extracting(FabricLedgerConfig.ChaincodeConfig::name)
        .containsExactly("land");
    assertThat(config.evidence().channels())
        .extracting(FabricLedgerConfig.ChannelConfig::endorsementsMin)
        .containsExactly(2);
  }

  @Test
  @Tag("CARD-6")
  void defaultsAndMistakesAreTold() throws Exception {
    FabricLedgerConfig config = config();
    assertThat(config.peer().evaluateTimeout()).hasSeconds(10);
    assertThat(config.peer().endorseTimeout()).hasSeconds(15);
    assertThat(config.peer().submitTimeout()).hasSeconds(5);
    assertThat(config.peer().commitTimeout()).hasSeconds(6);
    assertThat(config.peer().messageBytesMax()).isEqualTo(100 << 20);
    assertThat(config.endorsingOrganizations()).isEmpty();
    assertThat(config.chaincodes()).isEmpty();
    assertThat(config.evidence().form()).isEqualTo(BlockEvidence.Form.BLOCK);
    assertThat(config.evidence().charactersMax()).isEqualTo(131_072);
    assertThat(config.evidence().channels()).isEmpty();
    assertThat(config.usualTime()).hasSeconds(2);
    assertThat(config.stepWait()).hasSeconds(30);

    assertThatThrownBy(() ->
            config(
                DevelopmentChannel.FIRST,
                "odap",
                """
                chaincodes: [{name: odap}, {name: notes}, {name: notes}]
                evidence:
                  channels:
                    - dlt-system: beta-fabric
                      channel: beta
                      endorsers: [{msp-id: BetaMSP, authorities: ca.pem}]
                      endorsements-min: 2
                      orderers: [{msp-id: OrdererMSP, authorities: ca.pem}]
                """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("endorsements-min: value: 2 (expected: at most 1)");
    assertThatThrownBy(() ->
            config(
                DevelopmentChannel.FIRST,
                "odap",
                "chaincodes: [{name: odap}, {name: notes}, {name: notes}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("chaincodes: value: odap")
        .hasMessageContaining("chaincodes: a name twice");
  }
}
