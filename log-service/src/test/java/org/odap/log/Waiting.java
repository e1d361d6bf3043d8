package org.odap.log;

import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what must come. */
final class Waiting {
  private Waiting() {}

  /** Until a condition holds; fails after a minute. */
  static void until(String what, Callable<Boolean> condition) throws Exception {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        fail("not within a minute: " + what);
      }
      briefly();
    }
  }

  static void briefly() {
    LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
  }
}
