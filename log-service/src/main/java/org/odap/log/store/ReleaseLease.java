package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PERMISSION_DENIED;

import org.odap.log.entry.Outcome;

/** Ends a lease; one that has ended before is answered the same. */
record ReleaseLease(Writer holder) implements Change<Boolean> {
  @Override
  public int weight() {
    return Weights.SMALL;
  }

  @Override
  public Outcome<Boolean> decide(Batch batch) {
    boolean isOthers =
        batch
            .leases()
            .lease(holder.epoch())
            .filter(lease -> !lease.identity().equals(holder.identity()))
            .isPresent();
    return isOthers
        ? Outcome.refused(
            ERROR_REASON_PERMISSION_DENIED,
            "the lease with epoch %s is another's".formatted(Long.toUnsignedString(holder.epoch())))
        : Outcome.done(batch.releaseLease(holder.epoch()));
  }
}
