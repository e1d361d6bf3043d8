package org.odap.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.slf4j.LoggerFactory;

/** A service as its operator meets it: a process that is started and told to stop. */
@Timeout(60)
class ServiceProcessTest {
  @TempDir Path folder;

  /** The process under test. */
  static final class ProbeMain {
    private ProbeMain() {}

    public static void main(String[] args) {
      ServiceMain.of(
              "probe",
              ServiceMainTest.ProbeConfig.class,
              (config, service) -> service.add(new Stubborn(service.hasFlag("--stubborn"))))
          .flag("--stubborn", "never stops by itself")
          .run(args);
    }
  }

  private record Stubborn(boolean stubborn) implements Part {
    @Override
    public String name() {
      return "stubborn";
    }

    @Override
    public void start() {
      LoggerFactory.getLogger(Stubborn.class)
          .atWarn()
          .setCause(new IllegalStateException("first line\n2026-01-01 forged line"))
          .addKeyValue("claims", "somebody\n2026-01-01 forged value")
          .log("part started");
      // As decisions on access are.
      LoggerFactory.getLogger("audit")
          .atInfo()
          .addKeyValue("caller", "somebody\n2026-01-01 forged decision")
          .log("access decided");
      // As gRPC logs.
      java.util.logging.Logger.getLogger("io.grpc").warning("transport\n2026-01-01 forged");
    }

    @Override
    public void stop(Duration limit) throws InterruptedException {
      if (stubborn) {
        new CountDownLatch(1).await();
      }
    }
  }

  private Process start(String... flags) throws IOException {
    return prepared(flags).start();
  }

  private ProcessBuilder prepared(String... flags) throws IOException {
    DevelopmentPki.create(folder, "alpha.example")
        .issue(new Identity("odaplog://alpha.example/log"), "log", List.of());
    Path config =
        Files.writeString(
            folder.resolve("probe.yaml"),
            """
            tls:
              certificate: log.pem
              key: log-key.pem
              trusted:
                - organization: alpha.example
                  certificate: entity.pem
            server:
              port-file: probe.port
            operations:
              stop-timeout: 500ms
            """);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            ProbeMain.class.getName(),
            "--config",
            config.toString());
    builder.command().addAll(List.of(flags));
    return builder.redirectError(folder.resolve("stderr").toFile());
  }

  private static BufferedReader linesOf(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  @Test
  @Tag("CARD-6")
  void printsOneLineWhenItIsReadyAndEndsCleanlyWhenTold() throws Exception {
    Process process = start();
    try (BufferedReader lines = linesOf(process)) {
      String ready = lines.readLine();
      assertThat(ready).matches("ready probe port=\\d+");
      assertThat(Files.readString(folder.resolve("probe.port")))
          .isEqualTo(ready.substring(ready.indexOf('=') + 1) + "\n");

      // Unlike Process.destroy, this leaves the streams open.
      process.toHandle().destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(128 + 15);
      assertThat(lines.readLine()).isNull();
      List<String> log = Files.readAllLines(folder.resolve("stderr"));
      assertThat(log)
          .as("one line an event, whatever a value holds")
          .noneMatch(line -> line.startsWith("2026-01-01"))
          .allMatch(line -> line.startsWith("{\"time\":\"") && line.endsWith("}"))
          .allMatch(line -> line.contains("\"service\":\"probe\""))
          .anyMatch(line -> line.contains("\"claims\":\"somebody\\n2026-01-01 forged value\""))
          .anyMatch(line -> line.contains("first line\\n2026-01-01 forged line"))
          .anyMatch(line -> line.contains("\"event\":\"service stopped\""))
          .anyMatch(line -> line.contains("\"logger\":\"io.grpc\",\"event\":\"transport\\n2026"))
          .anyMatch(line -> line.contains("\"event\":\"access decided\",\"caller\":\"somebody"))
          .hasSize(5);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @Tag("ODAP-4")
  void decisionsGoIntoAFileOfTheirOwnWhereOneIsNamed() throws Exception {
    Path audit = folder.resolve("audit.log");
    Files.writeString(audit, "an older decision\n");
    ProcessBuilder builder = prepared();
    builder.environment().put("ODAP_AUDIT_FILE", audit.toString());
    Process process = builder.start();
    try (BufferedReader lines = linesOf(process)) {
      assertThat(lines.readLine()).startsWith("ready");
      process.toHandle().destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();

      assertThat(Files.readAllLines(audit))
          .satisfiesExactly(
              older -> assertThat(older).isEqualTo("an older decision"),
              line ->
                  assertThat(line)
                      .endsWith(
                          "\"event\":\"access decided\",\"caller\":\"somebody\\n2026-01-01 forged"
                              + " decision\"}"));
      assertThat(Files.readAllLines(folder.resolve("stderr")))
          .isNotEmpty()
          .noneMatch(line -> line.contains("access decided"));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  @Tag("CARD-6")
  void aStopThatTakesTooLongEndsTheProcessHard() throws Exception {
    Process process = start("--stubborn");
    try (BufferedReader lines = linesOf(process)) {
      assertThat(lines.readLine()).startsWith("ready");
      process.toHandle().destroy();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(3);
    } finally {
      process.destroyForcibly();
    }
  }
}
