package org.odap.runtime.measurement;

import java.util.Arrays;

/** Durations in nanoseconds, sorted. */
public final class Latencies {
  private static final double NANOS_PER_MILLI = 1e6;

  private final long[] sorted;

  /** Takes the durations in any order. */
  public Latencies(long[] nanos) {
    this.sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  /** The duration that this share of all does not exceed, in milliseconds. */
  public double percentileMillis(double share) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)] / NANOS_PER_MILLI;
  }
}
