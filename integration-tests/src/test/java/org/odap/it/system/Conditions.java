package org.odap.it.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waits for what other processes do: looks until it holds, and fails at a deadline. */
public final class Conditions {
  /** Far above what any story takes, so that only a wrong system meets it. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private Conditions() {}

  /**
   * Waits until a value is as expected.
   *
   * @throws AssertionError with the last value seen, when it never is
   */
  public static <T> T await(String what, Supplier<T> value, Predicate<T> expected) {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    T seen = value.get();
    while (!expected.test(seen)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("waited " + LIMIT + " for " + what + "; last seen: " + seen);
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      seen = value.get();
    }
    return seen;
  }
}
