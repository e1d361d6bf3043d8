package org.odap.log.store;

import org.odap.log.entry.Outcome;

/** Makes the end of leases that ran out durable, so that those who watch may act upon it. */
record EndExpiredLeases() implements Change<Boolean> {
  @Override
  public int weight() {
    return Weights.SMALL;
  }

  @Override
  public Outcome<Boolean> decide(Batch batch) {
    batch.endExpiredLeases();
    return Outcome.done(true);
  }
}
