package org.odap.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServerConfig;

class ServiceMainTest {
  record ProbeConfig(TlsFiles tls, RpcServerConfig server, OperationsConfig operations)
      implements ServiceConfig {}

  @TempDir Path folder;
  private TlsFiles tls;
  private final List<String> events = Collections.synchronizedList(new ArrayList<>());
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void issue() {
    tls =
        DevelopmentPki.create(folder, "alpha.example")
            .issue(new Identity("odaplog://alpha.example/log"), "log", List.of());
  }

  private ProbeConfig config() {
    return new ProbeConfig(tls, RpcServerConfig.loopback(List.of()), OperationsConfig.standard());
  }

  private Part part(String name) {
    return new Part() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void start() throws IOException {
        if (name.equals("broken")) {
          throw new IOException("no disk");
        }
        events.add("start " + name);
      }

      @Override
      public void stop(Duration limit) {
        events.add("stop " + name);
        if (name.equals("clumsy")) {
          throw new IllegalStateException("did not want to");
        }
      }
    };
  }

  private ServiceMain<ProbeConfig> serviceWith(String... parts) {
    return ServiceMain.of(
        "probe",
        ProbeConfig.class,
        (config, service) -> {
          for (String part : parts) {
            service.add(part(part));
          }
        });
  }

  private static int status(RunningService service, String path) throws Exception {
    return get(service, path).statusCode();
  }

  private static HttpResponse<String> get(RunningService service, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + service.operationsPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  @Tag("CARD-6")
  void partsStartInOrderAndStopInReverseEvenIfOneFails() throws Exception {
    serviceWith("store", "clumsy", "driver").start(config(), Set.of()).close();
    assertThat(events)
        .containsExactly(
            "start store",
            "start clumsy",
            "start driver",
            "stop driver",
            "stop clumsy",
            "stop store");
  }

  @Test
  void whenOnePartDoesNotStartThoseBeforeItAreStopped() {
    assertThatThrownBy(() -> serviceWith("store", "broken", "driver").start(config(), Set.of()))
        .isInstanceOf(StartException.class)
        .hasMessage("broken did not start: no disk");
    assertThat(events).containsExactly("start store", "stop store");
  }

  @Test
  @Tag("CARD-6")
  void readinessFollowsTheConditionsOfTheService() throws Exception {
    List<ServiceHealth.Condition> conditions = new ArrayList<>();
    ServiceMain<ProbeConfig> main =
        ServiceMain.of(
            "probe",
            ProbeConfig.class,
            (config, service) -> conditions.add(service.health().condition("ledger")));
    try (RunningService service = main.start(config(), Set.of())) {
      assertThat(status(service, "/health/started")).isEqualTo(200);
      assertThat(status(service, "/health/ready")).isEqualTo(503);
      conditions.getFirst().met();
      assertThat(status(service, "/health/ready")).isEqualTo(200);
      conditions.getFirst().unmet("connection refused");
      assertThat(get(service, "/health/ready").body())
          .isEqualTo("ready: no\nledger: connection refused\n");
      assertThat(status(service, "/health/live")).isEqualTo(200);
      service.health().dead("committer ended");
      assertThat(status(service, "/health/live")).isEqualTo(503);
    }
  }

  @Test
  @Tag("CARD-6")
  void metricsCountWhatTheServiceRegisters() throws Exception {
    ServiceMain<ProbeConfig> main =
        ServiceMain.of(
            "probe",
            ProbeConfig.class,
            (config, service) -> service.metrics().counter("odap.probe.steps").increment(3));
    try (RunningService service = main.start(config(), Set.of())) {
      assertThat(get(service, "/metrics").body()).contains("odap_probe_steps_total 3.0");
      assertThat(status(service, "/elsewhere")).isEqualTo(404);
    }
  }

  @Test
  @Tag("CARD-6")
  void everyServiceSaysWhatItIsAndHowLongItsCertificatesLast() throws Exception {
    try (RunningService service = serviceWith("store").start(config(), Set.of())) {
      String text = get(service, "/metrics").body();
      assertThat(text)
          .contains("odap_service_ready{component=\"probe\"} 1.0")
          .containsPattern(
              "odap_service_info\\{component=\"probe\",java=\"[^\"]+\",version=\"[^\"]+\"} 1")
          .containsPattern(
              "odap_service_certificate_expiry_seconds\\{certificate=\"own\",component=\"probe\","
                  + "organization=\"alpha.example\"} [1-9]")
          .containsPattern(
              "odap_service_certificate_expiry_seconds\\{certificate=\"trusted\",component=\"probe\","
                  + "organization=\"alpha.example\"} [1-9]");
    }
  }

  @Test
  @Tag("CARD-6")
  void callsAreCountedByMethodAndCode() throws Exception {
    try (RunningService service = serviceWith().start(config(), Set.of())) {
      ManagedChannel channel =
          RpcChannels.channel(
              "127.0.0.1",
              service.port(),
              TlsMaterial.load(tls),
              new Identity("odaplog://alpha.example/log"));
      HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
      channel.shutdownNow();
      assertThat(get(service, "/metrics").body())
          .contains(
              "odap_probe_rpc_seconds_count{code=\"OK\",method=\"grpc.health.v1.Health/Check\"} 1");
    }
  }

  @Test
  void aFileThatNamesOnlyCertificatesGivesTheStandardValues() throws IOException {
    Path file = Files.writeString(folder.resolve("minimal.yaml"), TLS);
    assertThat(ConfigFile.read(file, ProbeConfig.class)).isEqualTo(config());
  }

  private int run(ServiceMain<ProbeConfig> main, String yaml, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("probe.yaml"), yaml);
    List<String> args = new ArrayList<>(List.of("--config", file.toString()));
    args.addAll(List.of(more));
    return main.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  private static final String TLS =
      """
      tls:
        certificate: log.pem
        key: log-key.pem
        trusted:
          - organization: alpha.example
            certificate: entity.pem
      """;

  @Test
  void aConfigurationIsCheckedWithoutStarting() throws IOException {
    assertThat(run(serviceWith("store"), TLS, "--validate-config")).isZero();
    assertThat(events).isEmpty();
    assertThat(out.toString(StandardCharsets.UTF_8)).endsWith("probe.yaml: no mistakes\n");
  }

  @Test
  void mistakesOfTheConfigurationAreAllPrintedAndExitWith2() throws IOException {
    assertThat(run(serviceWith(), TLS + "server: {port: 70000}\nextra: 1\n")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("  server.port: value: 70000 (expected: a whole number from 0 to 65535)\n")
        .contains("  extra: unknown key (expected one of: operations, server, tls)\n");
    assertThat(out.size()).isZero();
  }

  @Test
  void aMissingKeyFileIsAMistakeToo() throws IOException {
    assertThat(run(serviceWith(), TLS.replace("log-key", "none"))).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("none.pem: does not exist");
  }

  @Test
  void anUnknownArgumentExitsWith2AndTellsTheKnownOnes() throws IOException {
    ServiceMain<ProbeConfig> main = serviceWith().flag("--salvage", "moves damaged logs aside");
    assertThat(run(main, TLS, "--slavage")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("argument not known: --slavage\n")
        .contains("--salvage  moves damaged logs aside");
  }

  @ParameterizedTest
  @ValueSource(strings = {"server", "operations"})
  void aPortThatIsTakenIsAMistakeOfTheConfiguration(String section) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();

      assertThat(run(serviceWith("store"), TLS + section + ": {port: " + port + "}\n"))
          .isEqualTo(2);
      assertThat(err.toString(StandardCharsets.UTF_8))
          .endsWith(
              "probe.yaml:\n  %s.port: value: %d (expected: a port nobody uses on 127.0.0.1; 0 takes a free one)\n"
                  .formatted(section, port));
      assertThat(out.size()).isZero();
      assertThat(events).isIn(List.of(), List.of("start store", "stop store"));
    }
  }

  @Test
  void aServiceThatCanNotStartExitsWith1() throws IOException {
    assertThat(run(serviceWith("broken"), TLS)).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("probe: broken did not start: no disk\n");
  }
}
