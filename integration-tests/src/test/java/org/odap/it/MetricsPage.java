package org.odap.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of docs/metrics.md. */
record MetricsPage(Map<String, Row> rows) {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z0-9_]+)`( \\*)? \\| ([a-z]+) \\| ([^|]*)\\| ([^|]+) \\|$");
  private static final Pattern LABEL = Pattern.compile("`([a-z_]+)`");

  /**
   * One metric.
   *
   * @param isFromItsFirstEvent whether it is not exposed before it has something to count
   */
  record Row(String type, Set<String> labels, boolean isFromItsFirstEvent) {}

  static MetricsPage read() {
    try {
      String page =
          Files.readString(Path.of(System.getProperty("odap.root"), "docs", "metrics.md"));
      Map<String, Row> rows = new LinkedHashMap<>();
      ROW.matcher(page)
          .results()
          .forEach(row ->
              rows.put(
                  row.group(1), new Row(row.group(3), labels(row.group(4)), row.group(2) != null)));
      return new MetricsPage(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> labels(String cell) {
    return LABEL
        .matcher(cell)
        .results()
        .map((MatchResult label) -> label.group(1))
        .collect(Collectors.toSet());
  }
}
