package org.odap.cli.bench;

import java.time.Duration;

/** Rounds of work before anything is measured, until the last few of them brought nothing. */
final class WarmUp {
  /** A gain below this is noise. */
  private static final double GAIN_MIN = 1.03;

  private static final int ROUNDS_WITHOUT_GAIN_MAX = 4;

  private WarmUp() {}

  /** A round of work. */
  interface Round {
    /** Does it; how fast it went, in whatever unit a second. */
    double perSecond() throws InterruptedException;
  }

  /**
   * Works until it goes no faster: the JVM compiles what runs often.
   *
   * @param limit no round begins after so long
   * @return how fast it went at last
   */
  static double untilStable(Duration limit, Round round) throws InterruptedException {
    long start = System.nanoTime();
    double best = 0;
    int withoutGain = 0;
    while (withoutGain < ROUNDS_WITHOUT_GAIN_MAX && System.nanoTime() - start < limit.toNanos()) {
      double now = round.perSecond();
      if (now > best * GAIN_MIN) {
        best = now;
        withoutGain = 0;
      } else {
        withoutGain++;
      }
    }
    return best;
  }
}
