package org.odap.log.store;

import java.util.ArrayList;
import java.util.List;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/** Lets logs go on that a restore from a backup holds; gives those that were held. */
record ReleaseHeldLogs(List<LogId> wanted) implements Change<List<LogId>> {
  @Override
  public int weight() {
    return Weights.SMALL + 128 * wanted.size();
  }

  @Override
  public Outcome<List<LogId>> decide(Batch batch) {
    List<LogId> released = new ArrayList<>();
    for (LogId log : wanted) {
      batch
          .head(log)
          .filter(LogHead::held)
          .ifPresent(head -> {
            batch.putHead(log, head.release());
            released.add(log);
          });
    }
    return Outcome.done(released);
  }
}
