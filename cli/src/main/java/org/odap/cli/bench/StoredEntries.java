package org.odap.cli.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** What a log of one node does as it fills: appends, reads and its start. */
final class StoredEntries {
  private static final int FILLERS = 64;
  private static final int LOGS_A_LEASE = 25_000;
  private static final long MEGABYTE = 1 << 20;

  private final Path folder;
  private final Callers callers;
  private final Consumer<String> progress;

  /** Nothing is measured yet. */
  StoredEntries(Path folder, Callers callers, Consumer<String> progress) {
    this.folder = folder;
    this.callers = callers;
    this.progress = progress;
  }

  /**
   * Fills one log, and measures each time it holds so many.
   *
   * @param entries in rising order
   */
  List<StoredLevel> measure(List<Long> entries) throws InterruptedException {
    List<StoredLevel> levels = new ArrayList<>();
    try (BenchLog log = BenchLog.start(folder, 1, callers.count(), progress);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (long count : entries) {
        progress.accept("filling the log up to " + count + " entries");
        fill(log, threads, count);
        progress.accept("measuring with " + count + " entries stored");
        levels.add(level(log, threads, count));
      }
    }
    return levels;
  }

  private static void fill(BenchLog log, ExecutorService threads, long entries)
      throws InterruptedException {
    for (long missing = entries / SampleLog.ENTRIES - log.logs();
        missing > 0;
        missing = entries / SampleLog.ENTRIES - log.logs()) {
      // A lease ends when it is older than all of the logs take.
      log.connect();
      int together = Math.toIntExact(Math.min(missing, LOGS_A_LEASE));
      Callers.Round _ =
          new Callers(FILLERS, Math.ceilDiv(together, FILLERS))
              .round(threads, _ -> log.appendLog());
    }
    log.connect();
  }

  private StoredLevel level(BenchLog log, ExecutorService threads, long entries)
      throws InterruptedException {
    Callers.Round appends = callers.warmedUp(threads, log::appendEntry);
    long logs = log.logs() - callers.count();
    Callers.Round reads =
        callers.warmedUp(
            threads,
            _ -> {
              ThreadLocalRandom any = ThreadLocalRandom.current();
              log.read(any.nextLong(logs), 1);
            });
    double restart = log.secondsToRestart();
    return new StoredLevel(
        entries,
        appends.perSecond(),
        appends.latencies().percentileMillis(0.99),
        reads.latencies().percentileMillis(0.5),
        reads.latencies().percentileMillis(0.99),
        restart,
        log.residentBytes() / MEGABYTE,
        log.diskBytes() / MEGABYTE);
  }
}
