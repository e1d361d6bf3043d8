package org.odap.log.lease;

/**
 * What became of a lease.
 *
 * @param kind how it began or ended
 */
public record LeaseEvent(Lease lease, Kind kind) {
  /** How a lease begins and ends. */
  public enum Kind {
    GIVEN,
    RELEASED,
    EXPIRED,
    REPLACED
  }
}
