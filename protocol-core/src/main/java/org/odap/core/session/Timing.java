package org.odap.core.session;

/**
 * The times a gateway reckons with when it decides whether phase 3 can still end before the lock
 * expires (ODAP 7.3, 8). All in milliseconds, ≥ 0.
 *
 * @param clockSkewMillis how far apart the clocks of the two gateways and the sender's ledger may
 *     be
 * @param roundTripMillis usual time of one message and its answer between the gateways
 * @param finalityMillis time the sender's ledger needs from a step's submission to its finality
 * @param minLockMillis shortest lock a recipient takes part in
 */
public record Timing(
    long clockSkewMillis, long roundTripMillis, long finalityMillis, long minLockMillis) {
  /** Checks the bounds. */
  public Timing {
    if (clockSkewMillis < 0 || roundTripMillis < 0 || finalityMillis < 0 || minLockMillis < 0) {
      throw new IllegalArgumentException(
          "timing: a value is negative (expected: milliseconds >= 0)");
    }
  }

  /**
   * Time that must be left before the lock's expiry when the lock is about to be finalized: the
   * step has to be in the ledger before expiry by the ledger's own clock.
   */
  public long finalizeMarginMillis() {
    return clockSkewMillis + finalityMillis;
  }

  /** Time that must be left when phase 3 begins: one more exchange, then the finalization. */
  public long commitMarginMillis() {
    return roundTripMillis + finalizeMarginMillis();
  }

  /** What three-phase commit needs beyond two-phase: the exchange of the pre-commit. */
  public long preCommitMillis() {
    return roundTripMillis;
  }

  /** Time that must be left when the lock is ordered: its finality, its evidence, then phase 3. */
  public long lockMarginMillis() {
    return finalityMillis + roundTripMillis + commitMarginMillis();
  }
}
