package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.odap.cli.crash.Audit;
import org.odap.cli.crash.RollingRestart;
import org.odap.cli.crash.SteadyLoad;
import org.odap.cli.system.Installation;
import org.odap.cli.system.LedgerKind;
import org.odap.cli.system.RunningSystem;
import org.odap.cli.system.Side;
import org.odap.cli.system.SystemPlan;
import org.odap.it.system.Conditions;
import org.odap.it.system.OdapCommand;
import org.odap.it.system.OdapCommand.Result;

/**
 * What docs/upgrade.md and docs/rotation.md tell an operator of alpha to do, done while transfers
 * go on in both directions: none fails for it. Each story begins where the one before has ended.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollingRestartTest {
  private static final int IN_FLIGHT = 2;
  private static final Duration ENDED_MAX = Duration.ofMinutes(1);

  private static RunningSystem system;
  private static RollingRestart restart;

  /** Transfers that were begun before anything was exchanged. */
  private static SteadyLoad first;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Path target = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    SystemPlan plan =
        new SystemPlan(
            Files.createTempDirectory(Files.createDirectories(target), "rolling-"),
            new Side("alpha", LedgerKind.SQL),
            new Side("beta", LedgerKind.SQL),
            false,
            SystemPlan.SMALL,
            1,
            Map.of());
    system = RunningSystem.start(plan, Installation.here(), progress -> {});
    restart = new RollingRestart(system.processes());
    first = SteadyLoad.begin(system.alpha(), system.beta(), IN_FLIGHT);
  }

  @AfterAll
  static void stop() {
    system.close();
    first.close();
  }

  /** What is done while transfers go on from and to alpha. */
  private interface Work {
    void under(SteadyLoad load) throws IOException, InterruptedException;
  }

  private static void whileTransfersGoOn(SteadyLoad out, Work work)
      throws IOException, InterruptedException {
    try (SteadyLoad in = SteadyLoad.begin(system.beta(), system.alpha(), IN_FLIGHT)) {
      work.under(out);
      assertThat(out.awaitEnded(IN_FLIGHT, ENDED_MAX)).isTrue();
      assertThat(in.awaitEnded(IN_FLIGHT, ENDED_MAX)).isTrue();
      assertAllCompleted(out.end());
      assertAllCompleted(in.end());
    }
  }

  private static void whileTransfersGoOn(Work work) throws IOException, InterruptedException {
    try (SteadyLoad out = SteadyLoad.begin(system.alpha(), system.beta(), IN_FLIGHT)) {
      whileTransfersGoOn(out, work);
    }
  }

  private static void assertAllCompleted(List<Audit> audits) {
    assertThat(audits)
        .isNotEmpty()
        .allSatisfy(audit -> {
          assertThat(audit.findings()).as(audit.transferId()).isEmpty();
          assertThat(audit.end()).as(audit.transferId()).isEqualTo("COMPLETED");
        });
  }

  @Test
  @Order(1)
  @Tag("OURS-8")
  @Tag("CARD-6")
  void eachServiceOfASideIsRestarted() throws IOException, InterruptedException {
    encrypt("one");
    whileTransfersGoOn(
        first,
        load -> {
          for (String service : RollingRestart.order(system.alpha())) {
            restart.of(service);
            assertThat(load.awaitEnded(IN_FLIGHT, ENDED_MAX)).as(service).isTrue();
          }
        });
  }

  @Test
  @Order(2)
  @Tag("CARD-3")
  void anOrganizationsCertificatesAreExchanged() throws IOException, InterruptedException {
    List<String> own = List.of("log-alpha", "ledger-alpha", "gateway-alpha", "backup-1-alpha");
    List<String> trusting =
        Stream.concat(own.stream(), Stream.of("gateway-beta", "backup-1-beta")).toList();
    whileTransfersGoOn(load -> {
      reloading(trusting, () -> renew("--entity"));
      reloading(
          own,
          () -> {
            renew();
            renew("log", "ledger", "--new-key");
          });
      reloading(trusting, () -> renew("--forget-former"));
    });
  }

  private static void renew(String... arguments) {
    List<String> command = new ArrayList<>(List.of("pki", "renew"));
    command.add(pki().toString());
    command.addAll(List.of(arguments));
    Result result = odap(command.toArray(String[]::new));
    assertThat(result.exitCode()).as(result.output()).isZero();
  }

  private static Result odap(String... arguments) {
    return OdapCommand.run(pki().resolveSibling("odap.out"), arguments);
  }

  private static Path pki() {
    return system.folder(system.alpha().side()).resolve("pki");
  }

  /** Waits until services have taken up what was changed. */
  private static void reloading(List<String> services, Runnable change) {
    Map<String, Integer> before = new LinkedHashMap<>();
    services.forEach(service -> before.put(service, reloads(service)));
    change.run();
    for (String service : services) {
      int _ =
          Conditions.await(
              service + " to take up its files",
              () -> reloads(service),
              count -> count > before.get(service));
    }
  }

  private static int reloads(String service) {
    String organization = service.substring(service.lastIndexOf('-') + 1);
    Path output = pki().resolve(Path.of("..", "..", organization, service + ".log")).normalize();
    try {
      return (int)
          Files.readAllLines(output).stream()
              .filter(line -> line.contains("\"TLS material reloaded\""))
              .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Order(3)
  @Tag("2PC-7")
  void aGatewaysKeyIsExchanged() throws IOException, InterruptedException {
    whileTransfersGoOn(load -> {
      Path former = pki().resolve("gateway-former.pem");
      Files.copy(pki().resolve("gateway.pem"), former);
      addLine("alpha/gateway.yaml", "replicas:", "- \"" + former + "\"");
      addLine("alpha/backup-1.yaml", "replicas:", "- \"" + former + "\"");
      for (String peer : List.of("gateway", "backup-1")) {
        // Where the former key was: whoever is there now is another one, and not taken for it.
        addLine(
            "beta/" + peer + ".yaml",
            "  backups:",
            "  - {address: \"127.0.0.1:1\", certificate: \"" + former + "\"}");
      }

      system.processes().stop("gateway-alpha");
      renew("gateway", "--new-key");
      restart.of("gateway-beta");
      restart.of("backup-1-beta");
      restart.again("gateway-alpha");
      assertThat(load.awaitEnded(IN_FLIGHT, ENDED_MAX)).isTrue();
      restart.of("backup-1-alpha");
    });
  }

  private static void addLine(String file, String after, String line) throws IOException {
    Path settings = pki().resolve(Path.of("..", "..")).resolve(file).normalize();
    String text = Files.readString(settings);
    assertThat(text).contains("\n" + after + "\n");
    Files.writeString(
        settings, text.replace("\n" + after + "\n", "\n" + after + "\n" + line + "\n"));
  }

  @Test
  @Order(4)
  @Tag("2PC-9")
  void aLogsEncryptionKeyIsExchanged() throws IOException, InterruptedException {
    encrypt("one", "two");
    whileTransfersGoOn(load -> restart.of("log-alpha"));
  }

  /** The last of these is for new entries. */
  private static void encrypt(String... names) throws IOException {
    Path folder = system.folder(system.alpha().side());
    StringBuilder block = new StringBuilder("encryption:\n  active-key: ");
    block.append(names[names.length - 1]).append("\n  keys:\n");
    for (String name : names) {
      Path key = folder.resolve(name + ".key");
      if (!Files.exists(key)) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        Files.write(key, Base64.getEncoder().encode(secret));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      }
      block.append("    - {id: ").append(name).append(", file: ").append(key).append("}\n");
    }
    Path settings = folder.resolve("log.yaml");
    String others = Files.readString(settings).split("encryption:", 2)[0];
    Files.writeString(settings, others + block);
  }

  @Test
  @Order(5)
  @Tag("OURS-8")
  void evidenceFromBeforeStillVerifies() throws InterruptedException {
    assertAllCompleted(first.end());
  }
}
