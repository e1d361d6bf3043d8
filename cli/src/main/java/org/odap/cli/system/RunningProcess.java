package org.odap.cli.system;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.odap.cli.CliException;

/** A process of the system: its output goes to a file, its first good news to whoever waits. */
public final class RunningProcess {
  /** Time to end in order; a service's own limit is shorter. */
  private static final Duration STOP_WAIT_MAX = Duration.ofSeconds(15);

  private static final Duration OUTPUT_WAIT_MAX = Duration.ofSeconds(2);

  private static final int LAST_LINES = 8;

  private final Launch launch;
  private final Process process;
  private final Thread output;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile boolean stopping;

  private RunningProcess(Launch launch, Process process) {
    this.launch = launch;
    this.process = process;
    // A read of a pipe keeps its carrier: of virtual threads some would get none.
    this.output =
        Thread.ofPlatform().daemon().name("output-of-" + launch.name()).start(this::copyOutput);
  }

  /** Starts the process. */
  static RunningProcess start(Launch launch) {
    try {
      Files.createDirectories(launch.output().toAbsolutePath().getParent());
      Process process = new ProcessBuilder(launch.command()).redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new RunningProcess(launch, process);
    } catch (IOException e) {
      throw new CliException(launch.name() + " does not start: " + e.getMessage(), e);
    }
  }

  private void copyOutput() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        Writer file =
            Files.newBufferedWriter(
                launch.output(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        file.write(line + "\n");
        file.flush();
        if (launch.ready().matcher(line).find()) {
          ready.complete(null);
        }
      }
    } catch (IOException ended) {
      // The stream breaks when the process is killed; what matters is that it has ended.
    }
    ready.completeExceptionally(new IOException("ended"));
  }

  /** What people call it. */
  public String name() {
    return launch.name();
  }

  /** The process's id. */
  public long pid() {
    return process.pid();
  }

  /** Waits until it serves. */
  void awaitReady(Duration limit) throws InterruptedException {
    try {
      ready.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException ended) {
      throw new CliException(name() + " ended before it was ready:" + lastWords(), ended);
    } catch (TimeoutException late) {
      throw new CliException(
          name() + " is not ready after " + limit.toSeconds() + " s:" + lastWords(), late);
    }
  }

  /** Waits until it has ended by itself. */
  void awaitSuccess(Duration limit) throws InterruptedException {
    if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new CliException(
          name() + " has not ended after " + limit.toSeconds() + " s:" + lastWords());
    }
    if (process.exitValue() != 0) {
      throw new CliException(name() + " failed with " + process.exitValue() + ":" + lastWords());
    }
  }

  /** Whether it has ended though nobody told it to. */
  public boolean lost() {
    return !stopping && !process.isAlive();
  }

  /** The end of its output and where the rest lies. */
  public String lastWords() {
    awaitOutputOfTheDead();
    StringBuilder words = new StringBuilder();
    for (String line : lastLines(launch.output())) {
      words.append("\n    ").append(line);
    }
    return words.append("\n  (all of it: ").append(launch.output()).append(')').toString();
  }

  /** What a process said just before it ended may still be on its way to the file. */
  private void awaitOutputOfTheDead() {
    try {
      if (!process.isAlive()) {
        boolean _ = output.join(OUTPUT_WAIT_MAX);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> lastLines(Path file) {
    try {
      List<String> lines = new ArrayList<>(Files.readAllLines(file));
      return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    } catch (IOException unreadable) {
      return List.of();
    }
  }

  /** What it has used so far. */
  public Usage usage() {
    return Usage.of(process.toHandle());
  }

  /** Files and sockets it has open now; 0 where the system does not tell. */
  public long openFiles() {
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
      return files.count();
    } catch (IOException notLinux) {
      return 0;
    }
  }

  /** How it was started. */
  Launch launch() {
    return launch;
  }

  /** Ends it as a crash would. */
  void kill() {
    stopping = true;
    process.destroyForcibly();
  }

  /** Tells it to stop. */
  void terminate() {
    stopping = true;
    process.destroy();
  }

  /** Waits for its end, with force when it takes too long. */
  void awaitEnd() {
    try {
      if (!process.waitFor(STOP_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
        endHard();
      }
    } catch (InterruptedException stopped) {
      endHard();
      Thread.currentThread().interrupt();
    }
  }

  /** The Ethereum node is the child of a script that can't pass on a hard end. */
  private void endHard() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
