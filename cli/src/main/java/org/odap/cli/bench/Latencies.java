package org.odap.cli.bench;

import java.util.Arrays;

/** Durations in nanoseconds, sorted. */
final class Latencies {
  private static final double NANOS_PER_MILLI = 1e6;

  private final long[] sorted;

  Latencies(long[] nanos) {
    this.sorted = nanos.clone();
    Arrays.sort(sorted);
  }

  /** The duration that this share of all does not exceed, in milliseconds. */
  double percentileMillis(double share) {
    if (sorted.length == 0) {
      return 0;
    }
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)] / NANOS_PER_MILLI;
  }
}
