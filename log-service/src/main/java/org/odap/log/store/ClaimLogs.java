package org.odap.log.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.log.lease.LeaseTable;

/**
 * Makes a writer owner of open logs whose owner's lease has ended (recovery-01 4.2). The candidates
 * were looked up before; each is judged again here, where nothing changes meanwhile.
 */
record ClaimLogs(Writer claimer, List<LogId> candidates) implements Change<List<LogId>> {
  @Override
  public int weight() {
    return Weights.SMALL + 128 * candidates.size();
  }

  @Override
  public Outcome<List<LogId>> decide(Batch batch) {
    if (!batch.leases().isHeldBy(claimer.epoch(), claimer.identity())) {
      return Batch.leaseLost(claimer.epoch());
    }
    batch.endExpiredLeases();
    LeaseTable.Heir heir = new LeaseTable.Heir(claimer.epoch(), claimer.identity());
    List<LogId> claimed = new ArrayList<>();
    for (LogId log : candidates) {
      Optional<LogHead> free = batch.head(log).filter(head -> isFree(head, batch.leases()));
      if (free.isPresent()) {
        if (batch.leases().heirOf(free.get().epoch()).isEmpty()) {
          batch.leases().inherit(free.get().epoch(), heir);
        }
        batch.putHead(log, free.get().ownedBy(claimer.epoch()));
        claimed.add(log);
      }
    }
    return Outcome.done(claimed);
  }

  /** Several may compete for what a lease left: its heir gets all that lets it in. */
  private boolean isFree(LogHead head, LeaseTable leases) {
    if (head.closed() || head.held() || leases.isAlive(head.epoch())) {
      return false;
    }
    return leases
        .heirOf(head.epoch())
        .filter(heir -> heir.epoch() != claimer.epoch())
        .filter(heir -> head.access().mayWrite(heir.identity()))
        .isEmpty();
  }
}
