package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.GetLogLengthRequest;
import org.odap.api.log.v1.LogStorageServiceGrpc;
import org.odap.cli.crash.Audit;
import org.odap.cli.crash.RollingRestart;
import org.odap.cli.crash.SteadyLoad;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.it.system.Mesh;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;

/** A side whose services leave the mutual TLS between them to a service mesh. */
@Tag("CARD-6")
class MeshTransferTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final int IN_FLIGHT = 4;
  private static final Duration ENDED_MAX = Duration.ofMinutes(2);

  private static RunningSystem system;
  private static Mesh mesh;
  private static RpcTarget ledgerAsClient;
  private static RpcTarget logAsStranger;
  private static RpcTarget logPastTheProxy;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    Path folder = Files.createTempDirectory(Files.createDirectories(target), "mesh-");
    system =
        RunningSystem.start(
            new SystemPlan(
                folder,
                new Side("alpha", LedgerKind.SQL),
                new Side("beta", LedgerKind.SQL),
                false,
                SystemPlan.SMALL,
                0,
                Map.of()),
            Installation.here(),
            progress -> {});
    Side alpha = system.alpha().side();
    int log = port(system.alpha().log());
    int ledger = port(system.alpha().ledger());
    mesh = new Mesh(Files.createDirectories(folder.resolve("mesh")));
    String gatewayToLog = mesh.way("gateway", "log", log);
    String gatewayToLedger = mesh.way("gateway", "ledger", ledger);
    ledgerAsClient = meshed(system.alpha().ledger(), mesh.way("treasury", "ledger", ledger));
    logAsStranger = meshed(system.alpha().log(), mesh.way("stranger", "log", log));
    logPastTheProxy = meshed(system.alpha().log(), system.alpha().log().address());
    mesh.start();

    Map<String, String> members =
        Map.of(
            Mesh.spiffeId("gateway"), alpha.gateway().uri(),
            Mesh.spiffeId("treasury"), alpha.client().uri());
    change("log", settings -> behindProxy(settings, members));
    change("ledger", settings -> behindProxy(settings, members));
    change(
        "gateway",
        settings -> {
          lead((ObjectNode) settings.get("log"), gatewayToLog);
          lead((ObjectNode) settings.get("ledgers").get(0).get("adapter"), gatewayToLedger);
        });
    RollingRestart restart = new RollingRestart(system.processes());
    for (String service : RollingRestart.order(system.alpha())) {
      restart.of(service);
    }
  }

  @AfterAll
  static void stop() {
    system.close();
    mesh.close();
  }

  private static int port(RpcTarget target) {
    return Integer.parseInt(target.address().replaceAll(".*:", ""));
  }

  private static RpcTarget meshed(RpcTarget target, String address) {
    return new RpcTarget(address, target.identity(), true);
  }

  private static void change(String service, Consumer<ObjectNode> change) throws IOException {
    Path file = system.folder(system.alpha().side()).resolve(service + ".yaml");
    ObjectNode settings = (ObjectNode) YAML.readTree(file.toFile());
    change.accept(settings);
    YAML.writeValue(file.toFile(), settings);
  }

  private static void behindProxy(ObjectNode settings, Map<String, String> members) {
    ObjectNode proxied = ((ObjectNode) settings.get("server")).putObject("mesh");
    proxied.put("proxy", "istio");
    members.forEach((name, identity) ->
        proxied.withArray("members").addObject().put("name", name).put("identity", identity));
  }

  private static void lead(ObjectNode target, String address) {
    target.put("address", address).put("mesh", true);
  }

  /** Alpha as its client reaches it: the ledger through the mesh, too. */
  private static RunningSide alpha() {
    RunningSide side = system.alpha();
    return new RunningSide(
        side.side(),
        side.profile(),
        side.backups(),
        side.replicas(),
        side.edge(),
        side.logEdge(),
        side.log(),
        side.logData(),
        side.gateway(),
        side.client(),
        ledgerAsClient,
        side.names(),
        side.holder(),
        side.stranger(),
        side.entity());
  }

  @Test
  void transfersGoBothWaysThroughTheMesh() throws InterruptedException {
    try (SteadyLoad out = SteadyLoad.begin(alpha(), system.beta(), IN_FLIGHT);
        SteadyLoad in = SteadyLoad.begin(system.beta(), alpha(), IN_FLIGHT)) {
      assertThat(out.awaitEnded(5 * IN_FLIGHT, ENDED_MAX)).isTrue();
      assertThat(in.awaitEnded(5 * IN_FLIGHT, ENDED_MAX)).isTrue();
      for (List<Audit> audits : List.of(out.end(), in.end())) {
        assertThat(audits)
            .hasSizeGreaterThanOrEqualTo(5 * IN_FLIGHT)
            .allSatisfy(audit -> {
              assertThat(audit.findings()).as(audit.transferId()).isEmpty();
              assertThat(audit.end()).as(audit.transferId()).isEqualTo("COMPLETED");
            });
      }
    }
  }

  /** The mesh lets in whoever is its member; the log, whom its settings name. */
  @Test
  void whoeverClaimsToBeTheGatewayIsWhomTheProxySaw() {
    assertThat(refusal(logAsStranger, "URI=" + Mesh.spiffeId("gateway")))
        .isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
    assertThat(refusal(logPastTheProxy, "Hash=00"))
        .isEqualTo(ErrorReason.ERROR_REASON_CALLER_UNKNOWN);
  }

  private static ErrorReason refusal(RpcTarget log, String claim) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("x-forwarded-client-cert", Metadata.ASCII_STRING_MARSHALLER), claim);
    ManagedChannel channel = RpcChannels.channel(log, TlsMaterial.load(system.alpha().client()));
    try {
      var stub =
          LogStorageServiceGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
      return OdapErrors.fromGrpc(
              Assertions.catchThrowableOfType(
                  StatusRuntimeException.class,
                  () -> stub.getLogLength(GetLogLengthRequest.newBuilder().setLogId("x").build())))
          .reason();
    } finally {
      channel.shutdownNow();
    }
  }
}
