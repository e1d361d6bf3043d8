package org.odap.log.store;

import org.odap.log.entry.Outcome;

/** Ends a lease; one that has ended before is answered the same. */
record ReleaseLease(long epoch) implements Change<Boolean> {
  @Override
  public int weight() {
    return Weights.SMALL;
  }

  @Override
  public Outcome<Boolean> decide(Batch batch) {
    return Outcome.done(batch.releaseLease(epoch));
  }
}
