package org.odap.core.transfer;

import java.util.Optional;
import org.odap.core.transfer.Side.Taken;

/** Tells which row of the rules an input took. */
final class RulesTaken {
  private RulesTaken() {}

  /** The row an input took; empty when it was refused before the rules, or no row is about it. */
  static Optional<Rule> of(Taken taken, GatewaySetting setting) {
    Situation situation = new Situation(taken.before(), taken.input(), setting, taken.now());
    return TransferMachine.rules(taken.before().role()).stream()
        .filter(rule -> rule.from() == taken.before().state())
        .filter(rule -> rule.on().equals(Trigger.of(taken.input())))
        .filter(rule -> rule.guard().test(situation))
        .findFirst()
        .filter(rule -> tookIt(rule, taken.step()));
  }

  private static boolean tookIt(Rule rule, Step step) {
    return switch (rule) {
      case Rule.Moves moves ->
          step instanceof Step.Accepted accepted && accepted.transfer().state() == moves.to();
      case Rule.Waits waits -> step instanceof Step.TooEarly;
      case Rule.Refuses refuses ->
          step instanceof Step.Refused refused && refused.refusal().reason() == refuses.reason();
    };
  }
}
