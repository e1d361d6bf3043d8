package org.odap.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.odap.attestation.AttestationConfig;
import org.odap.gateway.GatewayConfig;
import org.odap.ledger.ethereum.EthereumLedgerConfig;
import org.odap.ledger.fabric.FabricLedgerConfig;
import org.odap.ledger.sql.SqlLedgerConfig;
import org.odap.log.LogConfig;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.rpc.MeshConfig;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.rpc.RpcTarget;

/** The services' own readers take what the chart renders for them, and it fits together. */
@Tag("CARD-6")
class RenderedConfigurationTest {
  private static final String LOG = "log-service";
  private static final Map<String, Class<? extends Record>> TYPES =
      Map.of(
          "gateway-service",
          GatewayConfig.class,
          LOG,
          LogConfig.class,
          "ledger-adapter-ethereum",
          EthereumLedgerConfig.class,
          "ledger-adapter-fabric",
          FabricLedgerConfig.class,
          "ledger-adapter-sql",
          SqlLedgerConfig.class,
          "attestation-service",
          AttestationConfig.class);

  @TempDir private Path folder;

  static List<Path> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyConfigurationIsReadAndFitsItsPod(Path values) throws IOException {
    List<KubernetesObject> objects = Chart.render(values);
    Map<String, Record> read = new LinkedHashMap<>();
    for (KubernetesObject workload : objects) {
      for (Map<String, Object> container : workload.containers()) {
        String map = configMap(workload, container);
        Record config = read(objects, map, service(container));
        read.put(map, config);
        assertPortsFit((ServiceConfig) config, container);
        assertStopFits((ServiceConfig) config, workload);
        assertFilesAreMounted(config, container);
      }
    }
    read.values().stream()
        .filter(GatewayConfig.class::isInstance)
        .map(GatewayConfig.class::cast)
        .forEach(gateway -> assertReached(gateway, objects, read));
  }

  @Test
  void keyThatDoesNotExistIsFound() throws IOException {
    Path values = folder.resolve("values.yaml");
    Files.writeString(
        values,
        Files.readString(Chart.example("istio"))
            .replace("log:\n  nodes: 3\n", "log:\n  config: {data-folder: /x}\n"));
    List<KubernetesObject> objects = Chart.render(values);
    assertThatThrownBy(() -> read(objects, "alpha-log", LOG))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("data-folder: unknown key");
  }

  @Test
  @Tag("2PC-7")
  void backupsKnowEachOthersCertificatesAndHaveKeysOfTheirOwn() throws IOException {
    List<KubernetesObject> objects = Chart.render(Chart.example("three-ledgers"));
    Set<String> secrets = new HashSet<>();
    for (int number = 0; number < 3; number++) {
      String name = "alpha-gateway-" + number;
      KubernetesObject gateway =
          objects.stream()
              .filter(object -> object.isWorkload() && object.name().equals(name))
              .findFirst()
              .orElseThrow();
      GatewayConfig config = (GatewayConfig) read(objects, name, "gateway-service");
      assertThat(config.replicas()).hasSize(2).noneMatch(file -> file.endsWith(name));
      for (Map<String, Object> volume : Fields.list(gateway.pod(), "volumes")) {
        if (Fields.text(volume, "name").equals("tls")) {
          secrets.add(Fields.text(volume, "secret", "secretName"));
        }
        assertThat(Fields.list(volume, "projected", "sources"))
            .allSatisfy(source ->
                assertThat(Fields.list(source, "secret", "items"))
                    .extracting(item -> item.get("key"))
                    .containsOnly("tls.crt"));
      }
    }
    assertThat(secrets).hasSize(3);
  }

  @Test
  void tracesOfEveryServiceGoToTheCollector() throws IOException {
    List<KubernetesObject> objects = Chart.render(Chart.example("three-ledgers"));
    for (KubernetesObject workload : objects) {
      for (Map<String, Object> container : workload.containers()) {
        Record config = read(objects, configMap(workload, container), service(container));
        assertThat(((ServiceConfig) config).operations().tracing().endpoint())
            .contains("http://collector.monitoring:4318/v1/traces");
        assertThat(((ServiceConfig) config).operations().tracing().ratio()).isEqualTo(0.1);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "istio-mesh-tls, 127.0.0.1, spiffe://alpha.example/ns/odap/sa/alpha-gateway",
    "linkerd-mesh-tls, 0.0.0.0,"
        + " alpha-gateway.odap.serviceaccount.identity.linkerd.cluster.local"
  })
  void whoCallsIsWhomTheMeshSawWhereItsTlsStandsIn(String example, String address, String name)
      throws IOException {
    List<KubernetesObject> objects = Chart.render(Chart.example(example));
    for (String callee : List.of("alpha-log", "alpha-ledger-books")) {
      RpcServerConfig server =
          ((ServiceConfig)
                  read(objects, callee, callee.equals("alpha-log") ? LOG : "ledger-adapter-sql"))
              .server();
      assertThat(server.bindAddress()).isEqualTo(address);
      assertThat(server.mesh().orElseThrow().members())
          .containsExactly(new MeshConfig.Member(name, "odapgw://alpha.example/gateway-1"));
    }
    GatewayConfig gateway = (GatewayConfig) read(objects, "alpha-gateway-0", "gateway-service");
    assertThat(gateway.server().mesh()).as("peers come from outside the mesh").isEmpty();
    assertThat(gateway.log().mesh()).isTrue();
  }

  /** A service that takes the proxy's word listens to nobody else. */
  @Test
  void istiosProxyAloneReachesWhatTakesItsWord() {
    List<KubernetesObject> objects = Chart.render(Chart.example("istio-mesh-tls"));
    for (String callee : List.of("alpha-log", "alpha-ledger-books")) {
      assertThat(objects)
          .filteredOn(object -> object.kind().equals("Sidecar") && object.name().equals(callee))
          .singleElement()
          .satisfies(sidecar ->
              assertThat(Fields.list(sidecar.tree(), "spec", "ingress"))
                  .extracting(way -> way.get("defaultEndpoint"))
                  .contains("127.0.0.1:7443"));
      assertThat(objects)
          .filteredOn(object -> object.isWorkload() && object.name().equals(callee))
          .singleElement()
          .satisfies(workload ->
              assertThat(workload.tree().toString())
                  .contains("\"forwardedClientCert\": \"SANITIZE_SET\""));
      assertThat(objects)
          .filteredOn(
              object -> object.kind().equals("PeerAuthentication") && object.name().equals(callee))
          .singleElement()
          .satisfies(mesh ->
              assertThat(Fields.text(mesh.tree(), "spec", "mtls", "mode")).isEqualTo("STRICT"));
    }
    assertThat(Chart.render(Chart.example("istio")))
        .noneMatch(object -> object.kind().equals("Sidecar"));
  }

  @Test
  @Tag("OURS-8")
  void adaptersOnEthereumEachHaveAnAccount() {
    KubernetesObject adapter =
        Chart.render(Chart.example("three-ledgers")).stream()
            .filter(object -> object.isWorkload() && object.name().equals("alpha-ledger-mainnet"))
            .findFirst()
            .orElseThrow();
    assertThat(adapter.kind()).isEqualTo("StatefulSet");
    assertThat(Fields.text(adapter.tree(), "spec", "replicas")).isEqualTo("3");
    assertThat(Fields.list(adapter.containers().getFirst(), "volumeMounts"))
        .filteredOn(mount -> mount.get("name").equals("accounts"))
        .singleElement()
        .satisfies(mount -> {
          assertThat(mount).containsEntry("subPathExpr", "$(ORDINAL)");
          assertThat(mount).containsEntry("mountPath", "/etc/odap/account/key");
        });
  }

  @Test
  @Tag("OURS-8")
  void nodesOfAReplicatedLogFindEachOtherBeforeTheyAreReady() {
    List<KubernetesObject> objects = Chart.render(Chart.example("replicated-log"));
    KubernetesObject log =
        objects.stream()
            .filter(object -> object.isWorkload() && object.name().equals("alpha-log"))
            .findFirst()
            .orElseThrow();
    String raft = Fields.text(log.tree(), "spec", "serviceName");
    KubernetesObject service =
        objects.stream()
            .filter(object -> object.kind().equals("Service") && object.name().equals(raft))
            .findFirst()
            .orElseThrow();
    assertThat(Fields.text(service.tree(), "spec", "publishNotReadyAddresses")).isEqualTo("true");
    Map<String, Object> config = Chart.parse(Chart.configurationText(objects, "alpha-log"));
    assertThat(Fields.list(config, "replication", "nodes"))
        .extracting(node -> node.get("address"))
        .containsExactly(
            "alpha-log-0.alpha-log-raft:7444",
            "alpha-log-1.alpha-log-raft:7444",
            "alpha-log-2.alpha-log-raft:7444");
    assertThat(Fields.text(log.pod(), "topologySpreadConstraints")).contains("DoNotSchedule");
  }

  private Record read(List<KubernetesObject> objects, String map, String service)
      throws IOException {
    return Chart.configuration(objects, map, folder, TYPES.get(service));
  }

  /** The ConfigMap that a container finds at the place its image reads. */
  private static String configMap(KubernetesObject workload, Map<String, Object> container) {
    String volume =
        Fields.list(container, "volumeMounts").stream()
            .filter(mount -> mount.get("mountPath").equals("/etc/odap/config.yaml"))
            .map(mount -> Fields.text(mount, "name"))
            .findFirst()
            .orElseThrow();
    return Fields.list(workload.pod(), "volumes").stream()
        .filter(one -> one.get("name").equals(volume))
        .map(one -> Fields.text(one, "configMap", "name"))
        .findFirst()
        .orElseThrow();
  }

  private static String service(Map<String, Object> container) {
    return Fields.text(container, "image").replaceAll(".*/([^/:@]+)[:@].*", "$1");
  }

  private static void assertPortsFit(ServiceConfig config, Map<String, Object> container) {
    Map<String, Object> ports = new LinkedHashMap<>();
    Fields.list(container, "ports")
        .forEach(port -> ports.put(Fields.text(port, "name"), port.get("containerPort")));
    assertThat(ports).containsValue(config.operations().port());
    boolean isMeshed = config.server().mesh().isPresent();
    if (isMeshed || !config.server().bindAddress().equals("127.0.0.1")) {
      assertThat(ports).containsEntry(isMeshed ? "grpc-rpc" : "tls-rpc", config.server().port());
    }
    if (config instanceof GatewayConfig gateway && gateway.edge().isPresent()) {
      assertThat(ports).containsEntry("https-edge", gateway.edge().get().port());
    }
  }

  /** Kubernetes waits longer than the service may take. */
  private static void assertStopFits(ServiceConfig config, KubernetesObject workload) {
    assertThat(Long.parseLong(Fields.text(workload.pod(), "terminationGracePeriodSeconds")))
        .isGreaterThan(
            config
                .operations()
                .quietPeriod()
                .plus(config.operations().stopTimeout())
                .plusSeconds(2)
                .toSeconds());
    assertThat(config.operations().quietPeriod()).isPositive();
  }

  /** Each path of a configuration is below something that is mounted, or a device. */
  private static void assertFilesAreMounted(Object part, Map<String, Object> container) {
    if (part instanceof Path file && !file.startsWith("/dev")) {
      assertThat(Fields.list(container, "volumeMounts"))
          .as(file.toString())
          .anyMatch(mount -> file.startsWith(Fields.text(mount, "mountPath")));
    } else if (part instanceof Record record) {
      for (var component : record.getClass().getRecordComponents()) {
        try {
          var accessor = component.getAccessor();
          accessor.setAccessible(true);
          assertFilesAreMounted(accessor.invoke(record), container);
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
      }
    } else if (part instanceof List<?> list) {
      list.forEach(item -> assertFilesAreMounted(item, container));
    } else if (part instanceof Optional<?> optional) {
      optional.ifPresent(item -> assertFilesAreMounted(item, container));
    }
  }

  /** What a gateway calls is there under that name, has that identity, and lets it in. */
  private static void assertReached(
      GatewayConfig gateway, List<KubernetesObject> objects, Map<String, Record> configs) {
    Set<RpcTarget> targets = new HashSet<>(Set.of(gateway.log()));
    gateway.ledgers().forEach(ledger -> targets.add(ledger.adapter()));
    gateway.attestation().flatMap(one -> one.verifier()).ifPresent(targets::add);
    for (RpcTarget target : targets) {
      String host = target.address().replaceAll(":.*", "");
      assertThat(objects)
          .anyMatch(object -> object.kind().equals("Service") && object.name().equals(host));
      ServiceConfig callee = (ServiceConfig) configs.get(host);
      assertThat(target.address()).isEqualTo(host + ":" + callee.server().port());
      assertThat(callee.server().callers())
          .extracting(CallerRule::identity)
          .contains("odapgw://alpha.example/gateway-1");
      assertThat(callee.server().mesh().isPresent()).isEqualTo(target.mesh());
      objects.stream()
          .filter(object -> object.kind().equals("Certificate") && object.name().equals(host))
          .forEach(certificate ->
              assertThat(Fields.text(certificate.tree(), "spec", "uris"))
                  .isEqualTo("[" + target.identity() + "]"));
    }
  }
}
