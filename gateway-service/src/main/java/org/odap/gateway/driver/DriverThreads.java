package org.odap.gateway.driver;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The driver's threads: a virtual one for each thing to do, and one that knows the time. */
final class DriverThreads {
  private final ExecutorService work =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("effect-", 0).factory());
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().daemon().name("driver-timer").factory());

  DriverThreads() {
    // A wake-up that is no longer needed must not keep its transfer in memory until its time.
    timer.setRemoveOnCancelPolicy(true);
  }

  void now(Runnable task) {
    work.execute(task);
  }

  /** As {@link #after}, for what nobody waits for: after the stop it is not begun. */
  void later(Duration delay, Runnable task) {
    try {
      var _ = after(delay, task);
    } catch (RejectedExecutionException stopped) {
      // As said.
    }
  }

  Future<?> after(Duration delay, Runnable task) {
    return timer.schedule(() -> work.execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  void every(Duration period, Runnable task) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> work.execute(task), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Starts nothing any more; what is being done has until the limit to end. */
  void stop(Duration limit) throws InterruptedException {
    timer.shutdownNow();
    work.shutdown();
    if (!work.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      work.shutdownNow();
    }
  }
}
