package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_PERMISSION_DENIED;

import java.util.Optional;
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
    Optional<Lease> others =
        batch.leases().current().stream()
            .filter(lease -> lease.holder().equals(holder) && !lease.identity().equals(identity))
            .findFirst();
    if (others.isPresent()) {
      return Outcome.refused(
          ERROR_REASON_PERMISSION_DENIED,
          "holder: %s (expected: another name, this one's lease is held by %s)"
              .formatted(holder, others.get().identity()));
    }
    return Outcome.done(batch.giveLease(holder, identity, durationMillis));
  }
}
