package org.odap.core.transfer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.session.Role;
import org.odap.core.transfer.TwoGateways.LedgerWay;
import org.odap.core.transfer.TwoGateways.Way;

/**
 * A story in a text file: lines that start with "# " are for the reader, lines that start with "> "
 * are commands, and beneath each command stands everything that both sides did because of it.
 *
 * <pre>
 * gateways agrees|asks_approver|asks_two|order_asks_two|...       how the recipient takes proposals
 * order unique|fungible|three-phase
 * send SIDE [request-lost|answer-lost|doubled]                  the side's pending request leaves
 * again SIDE TYPE                                               a request of long ago comes once more
 * hold SIDE, release SIDE                                       the pending request is held up; arrives
 * ledger SIDE [answer-lost]                                     the side's pending ledger step is done
 * refuse SIDE REASON, accept SIDE                               from now on the ledger refuses; no more
 * run                                                           both sides do all they can
 * advance SECONDS, until MILLIS-BEFORE-EXPIRY                   the clock
 * crash SIDE, restart SIDE                                      what is not in the log is lost; it is back
 * stall SIDE peer|ledger, cancel SIDE, resolve SIDE
 * approve [SIDE [NAME|client]], decline [SIDE [NAME]]           a person at the side, or who ordered
 * end                                                           both logs replay; who has what
 * </pre>
 */
final class Scenario {
  private static final String COMMAND = "> ";
  private static final String COMMENT = "#";

  private final List<String> output = new ArrayList<>();
  private Optional<TwoGateways> gateways = Optional.empty();

  private Scenario() {}

  /** Tells a story: its comments and commands as they are, with what happens beneath them. */
  static Scenario tell(List<String> lines) {
    Scenario scenario = new Scenario();
    for (String line : lines) {
      if (line.startsWith(COMMENT)) {
        scenario.output.add(line);
      } else if (line.startsWith(COMMAND)) {
        if (!scenario.output.isEmpty()) {
          scenario.output.add("");
        }
        scenario.output.add(line);
        scenario.obey(List.of(line.substring(COMMAND.length()).split(" ")));
        scenario.output.addAll(scenario.world().drain());
      }
    }
    return scenario;
  }

  /** The whole text. */
  String text() {
    return String.join("\n", output) + "\n";
  }

  /** The gateways at the end. */
  TwoGateways world() {
    return gateways.orElseThrow(() -> new IllegalArgumentException("the first command: gateways"));
  }

  private void obey(List<String> command) {
    String argument = command.size() > 1 ? command.get(1) : "";
    String option = command.size() > 2 ? command.get(2) : "";
    switch (command.getFirst()) {
      case "gateways" ->
          gateways = Optional.of(new TwoGateways(named(Bargain.Mood.class, argument)));
      case "order" ->
          world()
              .take(
                  Role.SENDER,
                  switch (argument) {
                    case "unique" -> Bargain.unique();
                    case "fungible" -> Bargain.fungible();
                    case "three-phase" -> Bargain.threePhase();
                    case "inter-trust" -> Members.order();
                    default -> throw new IllegalArgumentException("no order: " + argument);
                  });
      case "send" ->
          world().send(side(argument), option.isEmpty() ? Way.OPEN : named(Way.class, option));
      case "again" -> world().sendAgain(side(argument), named(MessageType.class, option));
      case "hold" -> world().hold(side(argument));
      case "release" -> world().release(side(argument));
      case "ledger" ->
          world()
              .ledger(
                  side(argument),
                  option.isEmpty() ? LedgerWay.OPEN : named(LedgerWay.class, option));
      case "refuse" ->
          world()
              .refuse(
                  side(argument), Optional.of(named(ErrorReason.class, "ERROR_REASON_" + option)));
      case "accept" -> world().refuse(side(argument), Optional.empty());
      case "run" -> world().run();
      case "advance" -> world().advance(Long.parseLong(argument) * 1_000);
      case "until" -> world().advance(Messages.EXPIRY - Long.parseLong(argument) - world().now());
      case "crash" -> world().crash(side(argument));
      case "restart" -> world().restart(side(argument));
      case "end" -> world().end();
      default -> wish(command.getFirst(), argument, option);
    }
  }

  private void wish(String wish, String argument, String option) {
    switch (wish) {
      case "stall" ->
          world()
              .take(
                  side(argument),
                  new Input.Stalled(
                      option.equals("peer")
                          ? ErrorReason.ERROR_REASON_PEER_UNREACHABLE
                          : ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
                      "no answer"));
      case "cancel" -> world().take(side(argument), new Input.Canceled("operator", "enough"));
      case "resolve" -> world().take(side(argument), new Input.Resolved("operator", "ledger lost"));
      case "approve" -> world().take(asked(argument), new Input.Approved(who(option)));
      case "decline" -> world().take(asked(argument), new Input.Declined(who(option), "no"));
      default -> throw new IllegalArgumentException("no command: " + wish);
    }
  }

  private static Role asked(String word) {
    return word.isEmpty() ? Role.RECIPIENT : side(word);
  }

  private static String who(String name) {
    return switch (name) {
      case "" -> "approver";
      case "client" -> Bargain.CLIENT;
      default -> name;
    };
  }

  private static Role side(String word) {
    return named(Role.class, word);
  }

  private static <E extends Enum<E>> E named(Class<E> type, String word) {
    return Enum.valueOf(type, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
