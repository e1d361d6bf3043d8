package org.odap.cli.operations;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.odap.api.client.v1.Operations;
import org.odap.api.common.v1.Limit;
import org.odap.api.common.v1.OperationScope;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.TextTable;

/** What is ordered of a gateway, for a person. */
final class OperationsText {
  private OperationsText() {}

  static void print(Operations operations, OutputOptions output) {
    if (output.json()) {
      output.print(operations);
    } else {
      lines(operations).forEach(output.terminal()::line);
    }
  }

  static List<String> lines(Operations operations) {
    List<String> lines = new ArrayList<>();
    lines.add(
        (operations.getAccepting() ? "takes new transfers" : "takes nothing new")
            + ", "
            + operations.getInFlight()
            + " in flight"
            + (operations.getDrained() ? ": drained" : ""));
    if (operations.getHaltsCount() > 0) {
      TextTable halts = new TextTable("halt", "of", "reason", "ordered by", "at", "until");
      operations
          .getHaltsList()
          .forEach(halt ->
              halts.row(
                  halt.getKind().name().replace("HALT_KIND_", "").toLowerCase(Locale.ROOT),
                  scope(halt.getScope()),
                  halt.getReason(),
                  halt.getOrderedBy(),
                  Instant.ofEpochMilli(halt.getOrderedAt()).toString(),
                  halt.getUntil() == 0
                      ? "resumed"
                      : Instant.ofEpochMilli(halt.getUntil()).toString()));
      lines.addAll(halts.lines());
    }
    if (operations.getLimitsCount() > 0) {
      TextTable limits = new TextTable("limit", "of", "at most", "set by", "reason");
      operations
          .getLimitsList()
          .forEach(limit ->
              limits.row(
                  limit.getName(),
                  within(limit),
                  bounds(limit),
                  limit.getSetBy(),
                  limit.getReason()));
      lines.addAll(limits.lines());
    }
    if (operations.getGivenUpTrackersCount() > 0) {
      TextTable trackers = new TextTable("tracker given up", "transfer", "posted", "status", "at");
      operations
          .getGivenUpTrackersList()
          .forEach(given ->
              trackers.row(
                  given.getTracker(),
                  given.getTransferId() + " " + given.getRole(),
                  Integer.toString(given.getPosted()),
                  Integer.toString(given.getStatus()),
                  Instant.ofEpochMilli(given.getGivenUpAt()).toString()));
      lines.addAll(trackers.lines());
    }
    return lines;
  }

  private static String scope(OperationScope scope) {
    return named(scope.getCounterparty(), scope.getDltSystem(), scope.getAssetProfileId());
  }

  private static String within(Limit limit) {
    return named(limit.getCounterparty(), limit.getAssetProfileId(), limit.getRole());
  }

  private static String named(String... names) {
    String given =
        Stream.of(names).filter(name -> !name.isEmpty()).collect(Collectors.joining(", "));
    return given.isEmpty() ? "everything" : given;
  }

  private static String bounds(Limit limit) {
    List<String> bounds = new ArrayList<>();
    if (!limit.getAmountMax().isEmpty()) {
      bounds.add(limit.getAmountMax() + " each");
    }
    if (!limit.getSumMax().isEmpty()) {
      bounds.add(limit.getSumMax() + " in " + limit.getPeriodSeconds() + " s");
    }
    if (limit.getNumberMax() > 0) {
      bounds.add(limit.getNumberMax() + " transfers in " + limit.getPeriodSeconds() + " s");
    }
    if (limit.getInFlightMax() > 0) {
      bounds.add(limit.getInFlightMax() + " in flight");
    }
    return String.join(", ", bounds);
  }
}
