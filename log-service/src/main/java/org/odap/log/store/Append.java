package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_CLOSED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED;

import java.util.List;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/** writeLogEntry (recovery-01 3, 4.5.1): entries that continue a log, all or none. */
record Append(LogId log, Writer writer, List<SealedEntry> entries, boolean close)
    implements Change<Integer> {

  @Override
  public int weight() {
    return Weights.of(entries);
  }

  @Override
  public Outcome<Integer> decide(Batch batch) {
    return switch (batch.headFor(log, writer, entries.getFirst().entry())) {
      case Outcome.Refused<LogHead> refused -> refused.as();
      case Outcome.Done<LogHead>(LogHead head) -> decide(batch, head);
    };
  }

  private Outcome<Integer> decide(Batch batch, LogHead head) {
    Entry first = entries.getFirst().entry();
    Entry last = entries.getLast().entry();
    if (last.index() <= head.length()) {
      return repeat(batch, head, last);
    }
    if (head.closed()) {
      return Outcome.refused(ERROR_REASON_LOG_CLOSED, "log %s is closed".formatted(log));
    }
    if (!first.continues(head.length(), head.lastHash())) {
      return notContinued(log, first, head);
    }
    batch.append(log, head, entries, close);
    return Outcome.done(last.index());
  }

  /** A repeat changes nothing, but for the closing that an earlier call may not have asked for. */
  private Outcome<Integer> repeat(Batch batch, LogHead head, Entry last) {
    if (!batch.holds(log, head.length(), entries)) {
      return notContinued(log, entries.getFirst().entry(), head);
    }
    if (close && !head.closed()) {
      if (last.index() < head.length()) {
        return notContinued(log, entries.getFirst().entry(), head);
      }
      batch.putHead(log, head.close());
    }
    return Outcome.done(last.index());
  }

  static <T> Outcome<T> notContinued(LogId log, Entry first, LogHead head) {
    return Outcome.refused(
        ERROR_REASON_LOG_NOT_CONTINUED,
        "entry %d after %s (expected: entry %d after %s in log %s)"
            .formatted(
                first.index(),
                quoted(first.previousHash()),
                head.length() + 1,
                quoted(head.lastHash()),
                log));
  }

  private static String quoted(String hash) {
    return hash.isEmpty() ? "nothing" : hash;
  }
}
