package org.odap.log.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/**
 * Makes a writer owner of open logs whose owner's lease has ended (recovery-01 4.2). The candidates
 * were looked up before; each is judged again here, where nothing changes meanwhile.
 */
record ClaimLogs(long epoch, List<LogId> candidates) implements Change<List<LogId>> {
  @Override
  public int weight() {
    return Weights.SMALL + 128 * candidates.size();
  }

  @Override
  public Outcome<List<LogId>> decide(Batch batch) {
    if (!batch.leases().isAlive(epoch)) {
      return Batch.leaseLost(epoch);
    }
    batch.leases().endExpired().forEach(batch::deleteLease);
    List<LogId> claimed = new ArrayList<>();
    for (LogId log : candidates) {
      Optional<LogHead> free =
          batch.head(log).filter(head -> !head.closed() && !batch.leases().isAlive(head.epoch()));
      if (free.isPresent()) {
        batch.putHead(log, free.get().ownedBy(epoch));
        claimed.add(log);
      }
    }
    return Outcome.done(claimed);
  }
}
