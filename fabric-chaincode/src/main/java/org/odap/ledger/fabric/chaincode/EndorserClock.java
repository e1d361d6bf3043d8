package org.odap.ledger.fabric.chaincode;

import java.time.Clock;
import java.time.Duration;

/**
 * The time by which an endorser judges locks (ARCH 7, lock with expiry). A transaction's timestamp
 * is its client's claim, the same for all endorsers; it counts only as far as the endorser's own
 * clock agrees with it. An expiry is then judged by both clocks, so that a client can't gain even
 * the tolerance. The verdicts of endorsers may differ close to an expiry, what they write can't:
 * the timestamp is all that is written.
 */
final class EndorserClock {
  private final Clock clock;
  private final Duration tolerance;

  EndorserClock(Clock clock, Duration tolerance) {
    this.clock = clock;
    this.tolerance = tolerance;
  }

  long millis() {
    return clock.millis();
  }

  /** The earlier of the client's claim and the endorser's clock: both have come this far. */
  long earliest(long claimedMillis) {
    return Math.min(agreed(claimedMillis), clock.millis());
  }

  /** The later of the client's claim and the endorser's clock: neither has come further. */
  long latest(long claimedMillis) {
    return Math.max(agreed(claimedMillis), clock.millis());
  }

  private long agreed(long claimedMillis) {
    long own = clock.millis();
    // Compared in a way that can't overflow: the claim may be any number.
    if (claimedMillis < own - tolerance.toMillis() || claimedMillis > own + tolerance.toMillis()) {
      throw Refusals.refused(
          Reason.LEDGER_UNAVAILABLE,
          "the transaction's timestamp is value: "
              + claimedMillis
              + " (expected: within "
              + tolerance.toMillis()
              + " of the endorser's clock, "
              + own
              + "); set the clocks, then try again with a new proposal");
    }
    return claimedMillis;
  }
}
