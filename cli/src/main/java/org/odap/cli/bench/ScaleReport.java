package org.odap.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
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
            stored.stream().map(StoredLevel::level),
            levels.stream(),
            soak.stream().map(SoakMinute::level))
        .flatMap(parts -> parts)
        .mapToInt(Level::failed)
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
            transfers("entries", stored, StoredLevel::entries, StoredLevel::level),
            transfers("in flight", levels, Level::inFlight, level -> level),
            transfers("after s", soak, part -> Math.round(part.atSeconds()), SoakMinute::level),
            table(
                stored,
                new TextTable("entries", "restart s", "disk MB"),
                (one, _) ->
                    List.of(one.entries(), number(one.restartSeconds()), one.diskMegabytes())),
            table(
                soak,
                new TextTable("after s", "open files"),
                (part, _) -> List.of(Math.round(part.atSeconds()), part.openFiles())))
        .flatMap(List::stream)
        .forEach(output.terminal()::line);
  }

  private static <M> List<String> transfers(
      String head, List<M> measured, Function<M, Object> name, Function<M, Level> level) {
    return table(
        measured,
        new TextTable(head, "transfers", "failed", "/s", "p99 ms", "CPU ms", "ratio", "MB"),
        (one, first) ->
            List.of(
                name.apply(one),
                level.apply(one).transfers(),
                level.apply(one).failed(),
                number(level.apply(one).transfersPerSecond()),
                number(level.apply(one).p99Millis()),
                number(level.apply(one).cpuMillis()),
                number(level.apply(one).cpuMillis() / level.apply(first).cpuMillis()),
                level.apply(one).residentMegabytes()));
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
