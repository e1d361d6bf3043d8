package org.odap.runtime.rpc;

import java.util.concurrent.TimeUnit;

/**
 * Lets so many calls through a second, and a second's worth at once after a pause (the generic cell
 * rate algorithm).
 *
 * <p>Mutable: up to which time the calls let through so far have used up the rate.
 */
final class CallRate {
  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long nanosOfCall;
  private long usedUpTo;

  CallRate(double callsPerSecond, long nowNanos) {
    this.nanosOfCall = Math.max(1, (long) (BURST_NANOS / callsPerSecond));
    this.usedUpTo = nowNanos - BURST_NANOS;
  }

  /** Whether one more call may begin now, by a clock of nanoseconds with any zero. */
  synchronized boolean takes(long nowNanos) {
    long from = nowNanos - usedUpTo > BURST_NANOS ? nowNanos - BURST_NANOS : usedUpTo;
    if (nowNanos - from < nanosOfCall) {
      return false;
    }
    usedUpTo = from + nanosOfCall;
    return true;
  }
}
