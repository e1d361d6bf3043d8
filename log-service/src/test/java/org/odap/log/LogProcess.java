package org.odap.log;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A log service in a process of its own, which a test may kill. */
final class LogProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  /** Starts the service on the certificates in {@code folder} and the data beside them. */
  LogProcess(Path folder, String... flags) throws IOException {
    process = start(folder, flags);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String ready = lines.readLine();
    if (ready == null) {
      throw new IOException("not started: " + Files.readString(folder.resolve("stderr")));
    }
    port = Integer.parseInt(ready.substring(ready.indexOf('=') + 1));
  }

  static Process start(Path folder, String... flags) throws IOException {
    Path config =
        Files.writeString(
            folder.resolve("log.yaml"),
            """
            tls:
              certificate: log.pem
              key: log-key.pem
              trusted:
                - organization: alpha.example
                  certificate: entity.pem
            server:
              callers:
                - identity: odapgw://alpha.example/gateway-1
                  services: [odap.log.v1.LogStorageService, odap.log.v1.LeaseService]
            operations: {}
            data-directory: data
            """);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            LogMain.class.getName(),
            "--config",
            config.toString());
    builder.command().addAll(List.of(flags));
    return builder.redirectError(folder.resolve("stderr").toFile()).start();
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

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
