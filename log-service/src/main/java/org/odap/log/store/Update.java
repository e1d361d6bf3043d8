package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_CLOSED;

import java.util.List;
import java.util.Optional;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;

/**
 * updateLog (recovery-01 4.5.5): stores those of the given entries that the log has not yet. Where
 * the two copies disagree it stores nothing and tells where they part.
 */
record Update(LogId log, Writer writer, List<SealedEntry> entries) implements Change<Updated> {

  @Override
  public int weight() {
    return Weights.of(entries);
  }

  @Override
  public Outcome<Updated> decide(Batch batch) {
    return switch (batch.headFor(log, writer, entries.getFirst().entry())) {
      case Outcome.Refused<LogHead> refused -> refused.as();
      case Outcome.Done<LogHead>(LogHead head) -> decide(batch, head);
    };
  }

  private Outcome<Updated> decide(Batch batch, LogHead head) {
    Entry first = entries.getFirst().entry();
    boolean skipsTheStart = first.index() == 1 && !first.previousHash().isEmpty();
    if (skipsTheStart || first.index() > head.length() + 1) {
      return Append.notContinued(log, first, head);
    }
    Optional<Fork> fork = forkBefore(batch, first).or(() -> forkWithin(batch, head));
    if (fork.isPresent()) {
      return Outcome.done(Updated.forked(fork.get(), head.length()));
    }
    int common = Math.min(entries.getLast().entry().index(), head.length());
    List<SealedEntry> missing =
        entries.stream().filter(sealed -> sealed.entry().index() > head.length()).toList();
    if (missing.isEmpty()) {
      return Outcome.done(Updated.joined(common, head.length()));
    }
    if (head.closed()) {
      return Outcome.refused(ERROR_REASON_LOG_CLOSED, "log %s is closed".formatted(log));
    }
    batch.append(log, head, missing, false);
    return Outcome.done(Updated.joined(common, missing.getLast().entry().index()));
  }

  /** The first entry given names another predecessor than the log has: nothing is known before. */
  private Optional<Fork> forkBefore(Batch batch, Entry first) {
    int before = first.index() - 1;
    if (before == 0) {
      return Optional.empty();
    }
    String stored = batch.hashAt(log, before);
    return first.previousHash().equals(stored)
        ? Optional.empty()
        : Optional.of(new Fork(before, stored, first.previousHash(), 0));
  }

  private Optional<Fork> forkWithin(Batch batch, LogHead head) {
    return entries.stream()
        .map(SealedEntry::entry)
        .takeWhile(entry -> entry.index() <= head.length())
        .map(entry ->
            new Fork(
                entry.index(), batch.hashAt(log, entry.index()), entry.hash(), entry.index() - 1))
        .filter(pair -> !pair.storedHash().equals(pair.givenHash()))
        .findFirst();
  }
}
