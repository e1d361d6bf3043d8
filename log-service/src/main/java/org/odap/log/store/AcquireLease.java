package org.odap.log.store;

import org.odap.log.entry.Outcome;
import org.odap.log.lease.Lease;
import org.odap.runtime.identity.Identity;

/** Gives a holder a lease under a new epoch and ends the ones it had. */
record AcquireLease(String holder, Identity identity, int durationMillis) implements Change<Lease> {
  @Override
  public int weight() {
    return Weights.SMALL;
  }

  @Override
  public Outcome<Lease> decide(Batch batch) {
    return Outcome.done(batch.giveLease(holder, identity, durationMillis));
  }
}
