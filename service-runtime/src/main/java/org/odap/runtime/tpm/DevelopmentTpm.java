package org.odap.runtime.tpm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.lifecycle.FreePorts;

/**
 * A TPM 2.0 in software (swtpm), in a process of its own, with endorsement keys and certificates as
 * a vendor would have made them. For development and tests: who reads its folder has its keys.
 *
 * <p>Folder: {@code state} is the TPM, which keeps its keys over restarts; {@code ca} the made-up
 * vendor. Closing ends the process as a power cut does.
 */
public final class DevelopmentTpm implements AutoCloseable {
  /** NV index of the RSA 2048 endorsement key's certificate. */
  public static final String RSA_CERTIFICATE_INDEX = "0x01c00002";

  /** Handle of that key. */
  public static final String RSA_KEY_HANDLE = "0x81010001";

  /** NV index of the P-384 endorsement key's certificate. */
  public static final String ECC_CERTIFICATE_INDEX = "0x01c00016";

  /** Handle of that key. */
  public static final String ECC_KEY_HANDLE = "0x81010016";

  /** TPM2_Shutdown(TPM_SU_CLEAR) without a session (Part 3, 9.4). */
  private static final byte[] SHUTDOWN_CLEAR = {
    (byte) 0x80, 0x01, 0, 0, 0, 12, 0, 0, 0x01, 0x45, 0, 0
  };

  /** Tag, size and code of an answer that has no more. */
  private static final int ANSWER_BYTES = 10;

  private static final int CODE_OFFSET = 6;
  private static final String STATE = "state";
  private static final String CA = "ca";

  /** Making two endorsement keys takes seconds, on a busy machine many. */
  private static final Duration SETUP_WAIT_MAX = Duration.ofMinutes(2);

  private static final Duration START_WAIT_MAX = Duration.ofSeconds(30);
  private static final Duration END_WAIT_MAX = Duration.ofSeconds(10);

  private final Path folder;
  private final Process process;
  private final int port;
  private final Thread atExit;

  private DevelopmentTpm(Path folder, Process process, int port) {
    this.folder = folder;
    this.process = process;
    this.port = port;
    // Nobody is to find a TPM on his machine after a test was stopped.
    this.atExit = new Thread(process::destroyForcibly, "stop-tpm");
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Whether this machine has swtpm, which Debian's packages swtpm and swtpm-tools bring. */
  public static boolean isInstalled() {
    return List.of("swtpm", "swtpm_setup", "swtpm_localca").stream()
        .allMatch(DevelopmentTpm::isOnPath);
  }

  private static boolean isOnPath(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  /**
   * Starts the TPM of a folder; makes it, with a vendor of its own, when there is none.
   *
   * @throws IllegalStateException when swtpm is missing or does not start, with what it said
   */
  public static DevelopmentTpm start(Path folder) throws InterruptedException {
    return start(folder, folder.resolve(CA));
  }

  /** As {@link #start(Path)}, with the vendor of another folder: several TPMs may share one. */
  public static DevelopmentTpm start(Path folder, Path vendor) throws InterruptedException {
    try {
      Path home = Files.createDirectories(folder).toAbsolutePath();
      if (!Files.isDirectory(home.resolve(STATE))) {
        make(home, Files.createDirectories(vendor).toAbsolutePath());
      }
      return serve(home);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "swtpm can't be run (Debian, Ubuntu: apt-get install swtpm swtpm-tools)", e);
    }
  }

  /** The vendor's root certificate, PEM: what a verifier trusts. */
  public static Path root(Path vendor) {
    return vendor.resolve("swtpm-localca-rootca-cert.pem");
  }

  /** The certificate that signs endorsement certificates, PEM, below the root. */
  public static Path issuer(Path vendor) {
    return vendor.resolve("issuercert.pem");
  }

  /** The vendor of {@link #start(Path)}. */
  public static Path vendor(Path folder) {
    return folder.resolve(CA);
  }

  /** host:port where it takes commands. */
  public String address() {
    return "127.0.0.1:" + port;
  }

  /** Where it is kept. */
  public Path folder() {
    return folder;
  }

  /**
   * Measures what a machine with this TPM would have started, and writes the event log of that into
   * the TPM's folder. PCRs are empty after each start. Only one connection at a time: do it before
   * an attester uses the TPM.
   */
  public Path boot(List<Measurement> measurements) throws IOException {
    try (Socket socket = connect()) {
      for (Measurement measurement : measurements) {
        socket.getOutputStream().write(measurement.command());
        byte[] answer = socket.getInputStream().readNBytes(Measurement.ANSWER_BYTES);
        checkAnswer("TPM2_PCR_Extend", answer);
      }
    }
    return Files.write(folder.resolve("event-log"), Measurement.eventLog(measurements));
  }

  /**
   * Ends it as a machine does that is shut down: after the next start its clock goes on from here.
   * After {@link #close} alone it may go back. Only one connection at a time, as above.
   */
  public void shutDown() throws IOException {
    try (Socket socket = connect()) {
      socket.getOutputStream().write(SHUTDOWN_CLEAR);
      checkAnswer("TPM2_Shutdown", socket.getInputStream().readNBytes(ANSWER_BYTES));
    }
    close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(START_WAIT_MAX.toMillis()));
    return socket;
  }

  private static void checkAnswer(String command, byte[] answer) throws IOException {
    int code = answer.length < ANSWER_BYTES ? -1 : ByteBuffer.wrap(answer).getInt(CODE_OFFSET);
    if (code != 0) {
      throw new IOException("%s: the TPM answers 0x%08x".formatted(command, code));
    }
  }

  private static void make(Path home, Path vendor) throws IOException, InterruptedException {
    Path local = vendor.resolve("localca.conf");
    Path options = vendor.resolve("localca.options");
    Path setup = vendor.resolve("swtpm_setup.conf");
    Files.writeString(
        local,
        """
        statedir = %1$s
        signingkey = %1$s/signkey.pem
        issuercert = %1$s/issuercert.pem
        certserial = %1$s/certserial
        """
            .formatted(vendor));
    Files.writeString(
        options,
        """
        --platform-manufacturer odap
        --platform-version 1
        --platform-model development
        """);
    Files.writeString(
        setup,
        """
        create_certs_tool=swtpm_localca
        create_certs_tool_config=%s
        create_certs_tool_options=%s
        """
            .formatted(local, options));
    // Made beside and moved: a folder that is there is a TPM that is whole.
    Path made = Files.createTempDirectory(home, "making");
    run(
        home.resolve("swtpm_setup.log"),
        List.of(
            "swtpm_setup",
            "--tpm2",
            "--tpm-state",
            made.toString(),
            "--create-ek-cert",
            "--config",
            setup.toString()));
    Files.move(made, home.resolve(STATE));
  }

  private static void run(Path output, List<String> command)
      throws IOException, InterruptedException {
    Process process = launch(output, command);
    boolean ended = process.waitFor(SETUP_WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.destroyForcibly();
    }
    if (!ended || process.exitValue() != 0) {
      throw new IllegalStateException(command.getFirst() + " failed:\n" + said(output));
    }
  }

  private static DevelopmentTpm serve(Path home) throws IOException, InterruptedException {
    Path output = home.resolve("swtpm.log");
    // tpm2-tools look for the port for control beside the other.
    int port = FreePorts.findPair();
    Process process =
        launch(
            output,
            List.of(
                "swtpm",
                "socket",
                "--tpm2",
                "--tpmstate",
                "dir=" + home.resolve(STATE),
                "--server",
                // "disconnect" would end the connection after each command.
                "type=tcp,port=" + port + ",bindaddr=127.0.0.1",
                "--ctrl",
                "type=tcp,port=" + (port + 1) + ",bindaddr=127.0.0.1",
                "--flags",
                "not-need-init,startup-clear"));
    DevelopmentTpm tpm = new DevelopmentTpm(home, process, port);
    long deadline = System.nanoTime() + START_WAIT_MAX.toNanos();
    // The port for control opens last; a try at the other one would count as its one connection.
    while (!answers(port + 1)) {
      boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() - deadline > 0) {
        tpm.close();
        throw new IllegalStateException("swtpm does not start:\n" + said(output));
      }
    }
    return tpm;
  }

  private static Process launch(Path output, List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
            .start();
    process.getOutputStream().close();
    return process;
  }

  private static String said(Path output) throws IOException {
    return Files.readString(output, StandardCharsets.UTF_8);
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException stoppingAlready) {
      // Then the hook does what was just done.
    }
    try {
      boolean _ = process.waitFor(END_WAIT_MAX.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
