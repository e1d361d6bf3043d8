package org.odap.ledger.sql;

import java.util.concurrent.atomic.AtomicLong;

/** The clock that tests put in the place of H2's: it can be set forward. */
public final class TestClock {
  private static final AtomicLong AHEAD = new AtomicLong();

  private TestClock() {}

  /** Called by H2. */
  public static long millis() {
    return System.currentTimeMillis() + AHEAD.get();
  }

  static void ahead(long millis) {
    AHEAD.addAndGet(millis);
  }
}
