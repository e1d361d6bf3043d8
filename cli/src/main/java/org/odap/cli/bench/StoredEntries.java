package org.odap.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.odap.cli.CliException;
import org.odap.cli.system.RunningProcess;
import org.odap.cli.system.RunningSide;
import org.odap.cli.system.RunningSystem;

/** What transfers cost as the logs of both sides fill. */
final class StoredEntries {
  private static final int IN_FLIGHT = 32;
  private static final int TRANSFERS = 2_000;
  private static final int ROUNDS = 3;
  private static final int FILLERS = 64;

  /** Written well before a lease is over. */
  private static final int LOGS_A_LEASE = 25_000;

  private static final Duration RESTART_MAX = Duration.ofMinutes(15);
  private static final Duration REST_MAX = Duration.ofMinutes(3);
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final double CPU_AT_REST = 0.1;
  private static final long MEGABYTE = 1 << 20;

  private final RunningSystem system;
  private final Load load;
  private final Consumer<String> progress;

  /** The system is warm. */
  StoredEntries(RunningSystem system, Load load, Consumer<String> progress) {
    this.system = system;
    this.load = load;
    this.progress = progress;
  }

  /**
   * Fills the logs, and measures each time they hold so many.
   *
   * @param entries in rising order
   */
  List<StoredLevel> measure(List<Long> entries) throws InterruptedException {
    List<StoredLevel> levels = new ArrayList<>();
    try (LogWriters alpha = writers(system.alpha());
        LogWriters beta = writers(system.beta());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long count : entries) {
        progress.accept("filling each log up to " + count + " entries");
        fill(alpha, threads, count);
        fill(beta, threads, count);
        double restart = secondsToRestart();
        Level _ = load.run(IN_FLIGHT, TRANSFERS / 2);
        awaitRest();
        progress.accept("measuring with " + count + " entries in each log");
        Level level = middle();
        levels.add(
            new StoredLevel(count, level, restart, bytes(system.alpha().logData()) / MEGABYTE));
      }
    }
    return levels;
  }

  /** Of several rounds the one in the middle: the JVMs still compile, machines are shared. */
  private Level middle() throws InterruptedException {
    List<Level> rounds = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      rounds.add(load.run(IN_FLIGHT, TRANSFERS));
    }
    rounds.sort(Comparator.comparingDouble(Level::cpuMillis));
    return rounds.get(ROUNDS / 2);
  }

  private static LogWriters writers(RunningSide side) {
    return new LogWriters(side.log(), side.gateway(), 0);
  }

  private static void fill(LogWriters log, ExecutorService threads, long entries)
      throws InterruptedException {
    for (long missing = entries / SampleLog.ENTRIES - log.logs();
        missing > 0;
        missing = entries / SampleLog.ENTRIES - log.logs()) {
      log.connect();
      int together = Math.toIntExact(Math.min(missing, LOGS_A_LEASE));
      Callers.Round _ =
          new Callers(FILLERS, Math.ceilDiv(together, FILLERS))
              .round(threads, _ -> log.appendLog());
    }
  }

  private double secondsToRestart() throws InterruptedException {
    List<String> log = List.of("log-" + system.alpha().side().name());
    system.processes().kill(log);
    long start = System.nanoTime();
    system.processes().restart(RESTART_MAX, log);
    return (System.nanoTime() - start) / 1e9;
  }

  /** What was filled is sorted in the background for a while. */
  private void awaitRest() {
    long deadline = System.nanoTime() + REST_MAX.toNanos();
    double busy = 1;
    while (busy > CPU_AT_REST && System.nanoTime() < deadline) {
      Duration before = cpu();
      LockSupport.parkNanos(LOOK.toNanos());
      busy = (double) cpu().minus(before).toNanos() / LOOK.toNanos();
    }
  }

  private Duration cpu() {
    return system.processes().running().stream()
        .map(RunningProcess::usage)
        .map(usage -> usage.cpu())
        .reduce(Duration.ZERO, Duration::plus);
  }

  private static long bytes(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(StoredEntries::size).sum();
    } catch (IOException e) {
      throw new CliException(folder + ": " + e.getMessage(), e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException compacted) {
      return 0;
    } catch (IOException e) {
      throw new CliException(file + ": " + e.getMessage(), e);
    }
  }
}
