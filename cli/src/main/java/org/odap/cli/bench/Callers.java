package org.odap.cli.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.odap.cli.CliException;
import org.odap.runtime.measurement.Latencies;

/**
 * Callers who do the same thing again and again, each waiting for its end before the next.
 *
 * @param count of callers
 * @param each how often each does it in a round
 */
record Callers(int count, int each) {
  private static final Duration WARM_UP_MAX = Duration.ofSeconds(60);

  /** What a caller does once, and waits for. */
  interface Deed {
    void once(int caller) throws Exception;
  }

  /** How fast a round was, all callers together. */
  record Round(double perSecond, Latencies latencies) {}

  /** One round, measured. */
  Round round(ExecutorService threads, Deed deed) throws InterruptedException {
    long[] nanos = new long[count * each];
    long start = System.nanoTime();
    List<Future<?>> ends = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int caller = i;
      ends.add(
          threads.submit(() -> {
            for (int time = 0; time < each; time++) {
              long begun = System.nanoTime();
              deed.once(caller);
              nanos[caller * each + time] = System.nanoTime() - begun;
            }
            return caller;
          }));
    }
    // Each caller writes elements of its own, and is read after it has ended.
    for (Future<?> end : ends) {
      try {
        Object _ = end.get();
      } catch (ExecutionException e) {
        throw new CliException("a caller failed: " + e.getCause().getMessage(), e);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Round(nanos.length / seconds, new Latencies(nanos));
  }

  /**
   * Rounds until they go no faster, and then one that is measured.
   *
   * @param before each round, not measured
   */
  Round warmedUp(ExecutorService threads, Runnable before, Deed deed) throws InterruptedException {
    double _ =
        WarmUp.untilStable(
            WARM_UP_MAX,
            () -> {
              before.run();
              return round(threads, deed).perSecond();
            });
    before.run();
    return round(threads, deed);
  }
}
