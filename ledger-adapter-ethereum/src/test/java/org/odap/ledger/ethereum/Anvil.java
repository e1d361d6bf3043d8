package org.odap.ledger.ethereum;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.odap.ledger.ethereum.chain.Chain;

/** A fresh Ethereum node as a process of its own, ended with the test. */
public final class Anvil implements AutoCloseable {
  private static final Pattern LISTENING = Pattern.compile("Listening on ([0-9.]+:\\d+)");

  private final Process process;
  private final URI url;
  private final Chain chain;

  private Anvil(Process process, URI url) {
    this.process = process;
    this.url = url;
    this.chain = new Chain(url, Duration.ofSeconds(20), Map.of());
  }

  /** Starts a node on a free port, with further options. */
  public static Anvil start(String... options) {
    Path program =
        Path.of(System.getProperty("odap.root", "."), "tools", "node_modules", ".bin", "anvil");
    if (!Files.isExecutable(program)) {
      throw new IllegalStateException(program + " is missing (expected: npm ci in tools/)");
    }
    List<String> command =
        new ArrayList<>(List.of(program.toString(), "--port", "0", "--host", "127.0.0.1"));
    command.addAll(List.of(options));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      // A test that breaks off leaves no node behind.
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
      BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
      URI url = awaitUrl(output);
      Thread.ofVirtual().name("anvil-output").start(() -> discard(output));
      return new Anvil(process, url);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return url;
  }

  /** A connection for the test's own questions. */
  public Chain chain() {
    return chain;
  }

  public void mine(int blocks) {
    chain.ask("anvil_mine", Chain.hex(blocks));
  }

  /** From now on blocks are made only by {@link #mine}. */
  public void stopMining() {
    chain.ask("evm_setAutomine", false);
  }

  /** The next block has this time. */
  public void setNextBlockTime(long seconds) {
    chain.ask("evm_setNextBlockTimestamp", seconds);
  }

  @Override
  public void close() {
    chain.close();
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static URI awaitUrl(BufferedReader output) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher listening = LISTENING.matcher(line);
      if (listening.find()) {
        return URI.create("http://" + listening.group(1));
      }
    }
    throw new IOException("anvil ended before it listened");
  }

  /** A full pipe would stop the node. */
  private static void discard(BufferedReader output) {
    try {
      while (output.readLine() != null) {}
    } catch (IOException e) {
      // The node has ended.
    }
  }
}
