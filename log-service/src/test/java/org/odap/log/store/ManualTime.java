package org.odap.log.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that a test moves. */
public final class ManualTime implements LongSupplier {
  private final AtomicLong nanos = new AtomicLong();

  public void passMillis(long millis) {
    nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  @Override
  public long getAsLong() {
    return nanos.get();
  }
}
