package org.odap.cli.crash;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.odap.cli.terminal.TextTable;

/** What a crash test found, for a person or a program. */
final class CrashReport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private CrashReport() {}

  /** A line a point, a column a victim: how the transfer ended and how long after the kill. */
  static List<String> table(List<CrashedPoint> crashed) {
    List<String> victims = crashed.stream().map(CrashedPoint::victim).distinct().toList();
    Map<String, Map<String, CrashedPoint>> byPoint = new LinkedHashMap<>();
    for (CrashedPoint one : crashed) {
      byPoint
          .computeIfAbsent(one.point().text(), any -> new LinkedHashMap<>())
          .put(one.victim(), one);
    }
    List<String> heads = new ArrayList<>(List.of("held at \\ killed"));
    heads.addAll(victims);
    TextTable table = new TextTable(heads.toArray(String[]::new));
    byPoint.forEach((point, byVictim) -> {
      List<Object> cells = new ArrayList<>(List.of(point));
      victims.forEach(victim -> cells.add(cell(Optional.ofNullable(byVictim.get(victim)))));
      table.row(cells.toArray());
    });
    return table.lines();
  }

  private static String cell(Optional<CrashedPoint> crashed) {
    return crashed
        .map(one -> {
          if (!one.reached()) {
            return CrashedPoint.NOT_REACHED;
          }
          String end = one.end().toLowerCase(Locale.ROOT).replace('_', ' ');
          return (one.holds() ? "" : "WRONG ") + end + " " + one.killToEndMillis() + " ms";
        })
        .orElse("");
  }

  static List<String> findings(List<CrashedPoint> crashed) {
    return crashed.stream()
        .filter(CrashedPoint::reached)
        .flatMap(one ->
            one.findings().stream()
                .map(text -> one.victim() + " killed, held at " + one.point().text() + ": " + text))
        .toList();
  }

  static ArrayNode points(List<CrashedPoint> crashed) {
    ArrayNode points = JSON.createArrayNode();
    for (CrashedPoint one : crashed) {
      ObjectNode point = points.addObject();
      point.put("point", one.point().text());
      point.put("victim", one.victim());
      point.put("end", one.end());
      point.put("kill_to_end_millis", one.killToEndMillis());
      one.resumedMillis().ifPresent(millis -> point.put("resumed_millis", millis));
      point.set("findings", JSON.valueToTree(one.findings()));
    }
    return points;
  }

  static String json(List<CrashedPoint> crashed, Optional<RandomKills.Result> random, long seed) {
    ObjectNode json = JSON.createObjectNode();
    json.set("points", points(crashed));
    random.ifPresent(result -> {
      ObjectNode kills = json.putObject("random");
      kills.put("seed", seed);
      kills.put("kills", result.kills());
      kills.put("transfers", result.audits().size());
      kills.put("failed", result.failed());
    });
    return json.toString();
  }
}
