package org.odap.core.transfer;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.odap.core.session.Role;

/** The transfer's rules as a page for people: a diagram and a table for each side. */
final class RuleTable {
  private record Arrow(State from, State to) {}

  private RuleTable() {}

  /** The whole page, in Markdown. */
  static String page() {
    return """
    # States of a transfer

    Made from the rules in `protocol-core` (`SenderRules`, `RecipientRules`) by
    `TransferStatesPageTest`, which fails when this page and the rules differ. After a change of the
    rules, `mvn -pl protocol-core -am test -Dodap.rewrite=true` writes it anew.

    A row applies when the transfer is in the state *from*, and *on* happens, and *when* holds; rows are
    tried in their order. It writes the log entries under *logs*, in one piece, and leads to the state
    *to*. What no row is about changes nothing: a late answer is ignored, a request or a wish is
    refused with OUT_OF_ORDER or TRANSFER_ENDED.

    ## Sender gateway

    %s
    ## Recipient gateway

    %s\
    """
        .formatted(side(Role.SENDER), side(Role.RECIPIENT));
  }

  /** A row in words; two rows of one side never have the same. */
  static String name(Rule rule) {
    return rule.from() + " " + rule.on().text() + (rule.when().isEmpty() ? "" : ", " + rule.when());
  }

  private static String side(Role role) {
    return diagram(role) + "\n" + table(role);
  }

  private static String diagram(Role role) {
    Map<Arrow, List<String>> arrows =
        TransferMachine.rules(role).stream()
            .filter(Rule.Moves.class::isInstance)
            .map(Rule.Moves.class::cast)
            .filter(moves -> moves.from() != moves.to())
            .collect(
                groupingBy(
                    moves -> new Arrow(moves.from(), moves.to()),
                    LinkedHashMap::new,
                    mapping(moves -> moves.on().text(), toList())));
    StringBuilder diagram = new StringBuilder("```mermaid\nstateDiagram-v2\n  [*] --> UNOPENED\n");
    arrows.forEach((arrow, causes) ->
        diagram
            .append("  ")
            .append(arrow.from())
            .append(" --> ")
            .append(arrow.to())
            .append(": ")
            .append(causes.stream().distinct().collect(joining("<br/>")))
            .append("\n"));
    ends(role).forEach(end -> diagram.append("  ").append(end).append(" --> [*]\n"));
    return diagram.append("```\n").toString();
  }

  private static List<String> ends(Role role) {
    return TransferMachine.rules(role).stream()
        .filter(Rule.Moves.class::isInstance)
        .map(rule -> ((Rule.Moves) rule).to())
        .filter(State::ended)
        .map(State::name)
        .distinct()
        .sorted()
        .toList();
  }

  private static String table(Role role) {
    return TransferMachine.rules(role).stream()
        .map(RuleTable::row)
        .collect(
            joining(
                "\n",
                "| from | on | when | logs | to | section |\n|---|---|---|---|---|---|\n",
                "\n"));
  }

  private static String row(Rule rule) {
    String logs =
        rule instanceof Rule.Moves moves
            ? moves.logs().stream().map(LogCommand::text).collect(joining(", "))
            : "";
    String to =
        switch (rule) {
          case Rule.Moves moves -> moves.to().name();
          case Rule.Waits waits -> "*comes too early*";
          case Rule.Refuses refuses ->
              "*refused: " + refuses.reason().name().substring("ERROR_REASON_".length()) + "*";
        };
    return "| "
        + String.join(
            " | ", rule.from().name(), rule.on().text(), rule.when(), logs, to, rule.section())
        + " |";
  }
}
