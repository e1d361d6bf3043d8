package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_CLOSED;

import java.util.List;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/** updateLog (recovery-01 4.5.5): stores those of the given entries that the log has not yet. */
record Update(LogId log, long epoch, List<SealedEntry> entries) implements Change<Updated> {

  @Override
  public int weight() {
    return Weights.of(entries);
  }

  @Override
  public Outcome<Updated> decide(Batch batch) {
    return switch (batch.headFor(log, epoch)) {
      case Outcome.Refused<LogHead> refused -> refused.as();
      case Outcome.Done<LogHead>(LogHead head) -> decide(batch, head);
    };
  }

  private Outcome<Updated> decide(Batch batch, LogHead head) {
    Entry first = entries.getFirst().entry();
    int common = Math.min(entries.getLast().entry().index(), head.length());
    if (!joins(batch, head, first) || !batch.holds(log, head.length(), entries)) {
      return Append.notContinued(log, first, head);
    }
    List<SealedEntry> missing =
        entries.stream().filter(sealed -> sealed.entry().index() > head.length()).toList();
    if (missing.isEmpty()) {
      return Outcome.done(new Updated(common, head.length()));
    }
    if (head.closed()) {
      return Outcome.refused(ERROR_REASON_LOG_CLOSED, "log %s is closed".formatted(log));
    }
    batch.append(log, head, missing, false);
    return Outcome.done(new Updated(common, missing.getLast().entry().index()));
  }

  /** Whether the first entry given follows one that the log has. */
  private boolean joins(Batch batch, LogHead head, Entry first) {
    int before = first.index() - 1;
    return before <= head.length()
        && first.previousHash().equals(before == 0 ? "" : batch.hashAt(log, before));
  }
}
