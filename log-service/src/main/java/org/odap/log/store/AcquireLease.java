package org.odap.log.store;

import org.odap.log.entry.Outcome;
import org.odap.log.lease.Lease;

/** Gives a holder a lease under a new epoch and ends the ones it had. */
record AcquireLease(String holder, int durationMillis) implements Change<Lease> {
  @Override
  public int weight() {
    return Weights.SMALL;
  }

  @Override
  public Outcome<Lease> decide(Batch batch) {
    batch.leases().endOf(holder).forEach(batch::deleteLease);
    Lease lease = batch.leases().give(holder, durationMillis);
    batch.putLease(lease);
    return Outcome.done(lease);
  }
}
