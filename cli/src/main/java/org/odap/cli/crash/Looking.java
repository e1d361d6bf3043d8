package org.odap.cli.crash;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do. */
final class Looking {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  private Looking() {}

  /** Looks until a condition holds or the limit is over; gives whether it holds. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    return until(limit, BETWEEN_LOOKS, condition);
  }

  /** As {@link #until(Duration, BooleanSupplier)}, with a pause of one's own between two looks. */
  static boolean until(Duration limit, Duration pause, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      LockSupport.parkNanos(pause.toNanos());
    }
    return true;
  }

  /** Lets others do what they do for a while. */
  static void pause(Duration length) {
    boolean _ = until(length, () -> false);
  }
}
