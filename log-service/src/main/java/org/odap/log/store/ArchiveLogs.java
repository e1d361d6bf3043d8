package org.odap.log.store;

import java.util.ArrayList;
import java.util.List;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/**
 * Takes logs out of the store whose entries an archive has, durable and verified. A log that is not
 * closed, or not as the archive has it, stays.
 */
record ArchiveLogs(String archive, List<Listed> archived) implements Change<List<LogId>> {
  @Override
  public int weight() {
    return Weights.SMALL + archived.stream().mapToInt(log -> 128 * log.head().length()).sum();
  }

  @Override
  public Outcome<List<LogId>> decide(Batch batch) {
    List<LogId> removed = new ArrayList<>();
    for (Listed listed : archived) {
      batch
          .head(listed.log())
          .filter(head -> head.standing() == LogHead.Standing.CLOSED)
          .filter(listed.head()::equals)
          .ifPresent(head -> {
            batch.archive(listed.log(), head, archive);
            removed.add(listed.log());
          });
    }
    return Outcome.done(removed);
  }
}
