package org.odap.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.TextTable;

/** What {@code bench scale} measured; what was not is empty. */
record ScaleReport(
    List<LogRate> rates, List<StoredLevel> stored, List<Level> levels, List<SoakMinute> soak) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Transfers that did not complete. */
  int failed() {
    return Stream.of(
            stored.stream().map(StoredLevel::failed),
            levels.stream().map(Level::failed),
            soak.stream().map(SoakMinute::failed))
        .flatMap(counts -> counts)
        .mapToInt(count -> count)
        .sum();
  }

  void to(OutputOptions output) {
    if (output.json()) {
      ObjectNode json = JSON.createObjectNode();
      Map.of("log", rates, "stored", stored, "transfers", levels, "soak", soak)
          .forEach((name, lines) -> json.set(name, JSON.valueToTree(lines)));
      output.terminal().line(json.toString());
      return;
    }
    Stream.of(
            table(
                rates,
                new TextTable("made durable", "writers", "/s", "p50 ms", "p99 ms", "ratio"),
                (rate, _) ->
                    List.of(
                        rate.what(),
                        rate.writers(),
                        number(rate.perSecond()),
                        number(rate.p50Millis()),
                        number(rate.p99Millis()),
                        number(rate.ofPuts()))),
            table(
                stored,
                new TextTable(
                    "entries",
                    "transfers",
                    "failed",
                    "/s",
                    "p99 ms",
                    "CPU ms",
                    "ratio",
                    "restart s",
                    "disk MB"),
                (level, first) ->
                    List.of(
                        level.entries(),
                        level.transfers(),
                        level.failed(),
                        number(level.perSecond()),
                        number(level.p99Millis()),
                        number(level.cpuMillis()),
                        number(level.cpuMillis() / first.cpuMillis()),
                        number(level.restartSeconds()),
                        level.diskMegabytes())),
            table(
                levels,
                new TextTable(
                    "in flight", "transfers", "failed", "/s", "p99 ms", "CPU ms", "ratio", "MB"),
                (level, first) ->
                    List.of(
                        level.inFlight(),
                        level.transfers(),
                        level.failed(),
                        number(level.transfersPerSecond()),
                        number(level.p99Millis()),
                        number(level.cpuMillis()),
                        number(level.cpuMillis() / first.cpuMillis()),
                        level.residentMegabytes())),
            table(
                soak,
                new TextTable(
                    "after s",
                    "transfers",
                    "failed",
                    "/s",
                    "p99 ms",
                    "CPU ms",
                    "ratio",
                    "MB",
                    "files"),
                (part, first) ->
                    List.of(
                        Math.round(part.atSeconds()),
                        part.transfers(),
                        part.failed(),
                        number(part.perSecond()),
                        number(part.p99Millis()),
                        number(part.cpuMillis()),
                        number(part.cpuMillis() / first.cpuMillis()),
                        part.residentMegabytes(),
                        part.openFiles())))
        .flatMap(List::stream)
        .forEach(output.terminal()::line);
  }

  /** The cells of a line, beside the first line's measurement. */
  private interface Cells<M> {
    List<Object> of(M measured, M first);
  }

  private static <M> List<String> table(List<M> measured, TextTable table, Cells<M> cells) {
    if (measured.isEmpty()) {
      return List.of();
    }
    for (M one : measured) {
      TextTable _ = table.row(cells.of(one, measured.getFirst()).toArray());
    }
    return Stream.concat(table.lines().stream(), Stream.of("")).toList();
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
  }
}
