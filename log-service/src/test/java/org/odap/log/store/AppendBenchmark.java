package org.odap.log.store;

import static org.odap.log.store.StoreFixture.GATEWAY;
import static org.odap.log.store.StoreFixture.writer;

import com.google.protobuf.ByteString;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryKeys;

/**
 * Measures appends of one entry by writers that each wait for their answer: time, and processor
 * time of all threads together. No test: run its main with a directory on the disk in question.
 */
final class AppendBenchmark {
  private static final int ENTRIES_A_LOG = 20;
  private static final int APPENDS = 40_000;

  private AppendBenchmark() {}

  private record Planned(LogId log, List<ByteString> entries) {}

  public static void main(String[] args) throws Exception {
    List<Planned> warmUp = plan(APPENDS);
    for (int writers : List.of(1, 32, 64, 256)) {
      Path directory = Files.createTempDirectory(Path.of(args[0]), "append-benchmark");
      List<Planned> measured = plan(writers == 1 ? APPENDS / 10 : APPENDS);
      AtomicLong groups = new AtomicLong();
      try (LogStore store =
              LogStore.open(
                  directory,
                  EntryKeys.NONE,
                  System::nanoTime,
                  (changes, count, nanos) -> groups.incrementAndGet());
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        long epoch =
            StoreFixture.value(store.acquireLease("bench", GATEWAY, 600_000).join()).epoch();
        run(store, epoch, threads, 64, warmUp);
        groups.set(0);
        long cpu = cpuNanos();
        long start = System.nanoTime();
        run(store, epoch, threads, writers, measured);
        long appends = (long) measured.size() * ENTRIES_A_LOG;
        System.out.printf(
            "%d writers: %,.0f appends/s, %.1f a group, %.1f us of processor an append%n",
            writers,
            appends * 1e9 / (System.nanoTime() - start),
            (double) appends / groups.get(),
            (cpuNanos() - cpu) / 1e3 / appends);
      }
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static List<Planned> plan(int appends) {
    List<Planned> planned = new ArrayList<>();
    for (int i = 0; i < appends / ENTRIES_A_LOG; i++) {
      Chain chain = Chain.fresh();
      planned.add(new Planned(chain.log(), chain.next(ENTRIES_A_LOG)));
    }
    return planned;
  }

  private static void run(
      LogStore store, long epoch, ExecutorService threads, int writers, List<Planned> logs)
      throws Exception {
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < writers; i++) {
      int first = i;
      ends.add(
          threads.submit(() -> {
            for (int log = first; log < logs.size(); log += writers) {
              write(store, epoch, logs.get(log));
            }
          }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
  }

  private static void write(LogStore store, long epoch, Planned planned) {
    for (int i = 0; i < ENTRIES_A_LOG; i++) {
      boolean last = i + 1 == ENTRIES_A_LOG;
      StoreFixture.value(
          store
              .append(planned.log(), writer(epoch), planned.entries().subList(i, i + 1), last)
              .join());
    }
  }
}
