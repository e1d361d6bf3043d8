package org.odap.core.transfer;

import java.util.List;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.refusal.Refusal;

/** What was decided about an input. */
public sealed interface Step {
  /**
   * Taken: append the entries, and once they are durable the transfer is as given here and its
   * pending effects and answers may leave.
   *
   * @param transfer the transfer after the entries
   * @param entries what to append, all or none; at least one
   */
  record Accepted(Transfer transfer, List<LogEntry> entries) implements Step {
    /** Copies the list. */
    public Accepted {
      entries = List.copyOf(entries);
    }
  }

  /**
   * Seen before: the answer is the one given then, as soon as there is one.
   *
   * @param sequenceNumber number of the request
   */
  record Duplicate(int sequenceNumber) implements Step {}

  /** This side is still busy with the step before: ask again after the next change. */
  record TooEarly() implements Step {}

  /** Nothing to do: the input came late, or time alone changes nothing yet. */
  record Ignored() implements Step {}

  /**
   * Refused: nothing has changed.
   *
   * @param refusal why
   */
  record Refused(Refusal refusal) implements Step {}
}
