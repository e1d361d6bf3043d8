package org.odap.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A log service in a process of its own, which a test may kill. */
final class LogProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  /** Starts the service on the certificates in {@code folder} and the data beside them. */
  LogProcess(Path folder, String... flags) throws IOException {
    this(folder, start(folder, flags));
  }

  /** Starts the service with a configuration of the test's own. */
  static LogProcess started(Path folder, String configuration) throws IOException {
    return new LogProcess(folder, start(folder, List.of(), configuration));
  }

  /** A service that was started, once it is ready. */
  LogProcess(Path folder, Process process) throws IOException {
    this.process = process;
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String ready = lines.readLine();
    if (ready == null) {
      throw new IOException("not started: " + Files.readString(folder.resolve("stderr")));
    }
    port = Integer.parseInt(ready.substring(ready.indexOf('=') + 1));
  }

  static Process start(Path folder, String... flags) throws IOException {
    return start(folder, List.of(), configuration(), flags);
  }

  /** What every service here is configured with; a test may add to it. */
  static String configuration() {
    return """
    tls:
      certificate: log.pem
      key: log-key.pem
      trusted:
        - organization: alpha.example
          certificate: entity.pem
    server:
      callers:
        - identity: odapgw://alpha.example/*
          services: [odap.log.v1.LogStorageService, odap.log.v1.LeaseService]
    operations: {}
    data-directory: data
    """;
  }

  /** Starts the service through a command such as setpriv, or with none before it. */
  static Process start(Path folder, List<String> before, String configuration, String... flags)
      throws IOException {
    Path config = Files.writeString(folder.resolve("log.yaml"), configuration);
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(before));
    builder
        .command()
        .addAll(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LogMain.class.getName(),
                "--config",
                config.toString()));
    builder.command().addAll(List.of(flags));
    return builder.redirectError(folder.resolve("stderr").toFile()).start();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  int port() {
    return port;
  }

  /** SIGKILL: nothing in the process runs after it. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("a killed process is still there");
    }
  }

  /** SIGTERM: the process ends in order. */
  void terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the process does not end");
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
