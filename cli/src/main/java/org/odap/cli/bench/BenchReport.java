package org.odap.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.odap.cli.terminal.TextTable;

/** What a bench measured, for a person or a program. */
final class BenchReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private BenchReport() {}

  static List<String> lines(Floors floors, List<Level> levels, long bytesLogged) {
    TextTable table =
        new TextTable(
            "in flight", "transfers", "failed", "/s", "p50 ms", "p99 ms", "CPU ms", "MB", "client");
    for (Level level : levels) {
      table.row(
          level.inFlight(),
          level.transfers(),
          level.failed(),
          number(level.transfersPerSecond()),
          number(level.p50Millis()),
          number(level.p99Millis()),
          number(level.cpuMillis()),
          level.residentMegabytes(),
          number(level.clientCpuMillis()));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.add("CPU ms and client are a transfer; client is the bench itself, not in CPU ms.");
    lines.add("");
    lines.addAll(split(levels));
    lines.add("");
    lines.add("log entries of a transfer, both gateways: " + bytesLogged + " bytes");
    lines.addAll(floorLines(floors, levels));
    return lines;
  }

  private static List<String> split(List<Level> levels) {
    List<String> heads = new ArrayList<>(List.of("CPU ms a transfer"));
    levels.forEach(level -> heads.add(Integer.toString(level.inFlight())));
    TextTable table = new TextTable(heads.toArray(String[]::new));
    for (String process : levels.getFirst().cpuMillisByProcess().keySet()) {
      List<Object> cells = new ArrayList<>(List.of(process));
      levels.forEach(level -> cells.add(number(level.cpuMillisByProcess().get(process))));
      table.row(cells.toArray());
    }
    return table.lines();
  }

  private static List<String> floorLines(Floors floors, List<Level> levels) {
    Level alone = levels.getFirst();
    double cheapest = levels.stream().mapToDouble(Level::cpuMillis).min().orElse(0);
    return List.of(
        "floors of this run:",
        "  unary call over mutual TLS   %s ms, %s us CPU both ends"
            .formatted(number(floors.callMillis()), number(floors.callCpuMicros())),
        "  ES256 signature / check      %s / %s us"
            .formatted(number(floors.signMicros()), number(floors.verifyMicros())),
        "  synced append of 500 bytes   %s us".formatted(number(floors.syncMicros())),
        "ratios: p50 with %d in flight = %s calls; least CPU of a transfer = %s calls"
            .formatted(
                alone.inFlight(),
                number(alone.p50Millis() / floors.callMillis()),
                number(cheapest * 1_000 / floors.callCpuMicros())));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
  }

  static String json(Floors floors, List<Level> levels, long bytesLogged) {
    ObjectNode json = JSON.createObjectNode();
    json.set("floors", JSON.valueToTree(floors));
    json.put("bytes_logged_a_transfer", bytesLogged);
    var list = json.putArray("levels");
    for (Level level : levels) {
      ObjectNode one = JSON.valueToTree(level);
      one.put("transfersPerSecond", level.transfersPerSecond());
      one.put("cpuMillis", level.cpuMillis());
      list.add(one);
    }
    return json.toString();
  }
}
