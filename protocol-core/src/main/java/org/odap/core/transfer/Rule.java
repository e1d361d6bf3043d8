package org.odap.core.transfer;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.odap.api.common.v1.ErrorReason;

/** One row of the transfer's rules: what happens in a state when something reaches it. */
sealed interface Rule {
  /** The state the row is about. */
  State from();

  /** What reaches the transfer. */
  Trigger on();

  /**
   * The condition in words; "" = always. Rows are tried in their order, the first whose condition
   * holds applies.
   */
  String when();

  /** The condition. */
  Predicate<Situation> guard();

  /** Where the row comes from, e.g. "ODAP 7.1". */
  String section();

  /**
   * The transfer goes on.
   *
   * @param logs the commands the row writes, in order
   * @param to the state after them
   * @param write writes the entries
   */
  record Moves(
      State from,
      Trigger on,
      String when,
      Predicate<Situation> guard,
      String section,
      List<LogCommand> logs,
      State to,
      Consumer<Writing> write)
      implements Rule {}

  /**
   * The input is refused and nothing changes.
   *
   * @param reason why
   * @param description the same in words; "" = that this state does not take it
   */
  record Refuses(
      State from,
      Trigger on,
      String when,
      Predicate<Situation> guard,
      String section,
      ErrorReason reason,
      Function<Situation, String> description)
      implements Rule {}

  /** The input comes too early: it is looked at again after the next change. */
  record Waits(State from, Trigger on, String when, Predicate<Situation> guard, String section)
      implements Rule {}

  /** Starts a row. */
  static Row in(State from, Trigger on, String section) {
    return new Row(from, on, "", situation -> true, section);
  }

  /** A row being written down. */
  record Row(State from, Trigger on, String when, Predicate<Situation> guard, String section) {
    Row when(String condition, Predicate<Situation> holds) {
      return new Row(from, on, condition, holds, section);
    }

    /** One more condition besides the row's own. */
    Row and(String condition, Predicate<Situation> holds) {
      return when.isEmpty()
          ? when(condition, holds)
          : when(when + ", " + condition, guard.and(holds));
    }

    Rule moves(State to, Consumer<Writing> write, LogCommand... logs) {
      return new Moves(from, on, when, guard, section, List.of(logs), to, write);
    }

    Rule refuses(ErrorReason reason) {
      return refuses(reason, situation -> "");
    }

    Rule refuses(ErrorReason reason, Function<Situation, String> description) {
      return new Refuses(from, on, when, guard, section, reason, description);
    }

    Rule waits() {
      return new Waits(from, on, when, guard, section);
    }
  }
}
