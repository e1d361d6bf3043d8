package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Alerts and dashboards speak of metrics that there are, and each alert has its page. */
@Tag("CARD-6")
class AlertsTest {
  private static final Path ROOT = Path.of(System.getProperty("odap.root"));
  private static final Path FILES = ROOT.resolve("helm/odap/files");
  private static final Set<String> OF_PROMETHEUS = Set.of("instance", "job", "le");
  private static final Set<String> SEVERITIES = Set.of("critical", "warning");
  private static final ObjectMapper JSON = new JsonMapper();

  @Test
  void eachAlertSaysWhatToDoOnAPageOfItsName() throws IOException {
    List<JsonNode> alerts = alerts();
    assertThat(alerts)
        .isNotEmpty()
        .allSatisfy(alert -> {
          String name = alert.path("alert").asText();
          assertThat(alert.at("/labels/severity").asText()).as(name).isIn(SEVERITIES);
          assertThat(alert.at("/annotations/summary").asText()).as(name).isNotBlank();
          assertThat(alert.at("/annotations/description").asText()).as(name).isNotBlank();
          assertThat(alert.at("/annotations/runbook_url").asText())
              .isEqualTo("docs/runbooks/" + name + ".md");
        });
    assertThat(pages())
        .containsExactlyInAnyOrderElementsOf(
            alerts.stream().map(alert -> alert.path("alert").asText() + ".md").toList());
  }

  @Test
  void eachPageSaysWhatItMeansWhereToLookWhatToDoAndWhomToWake() throws IOException {
    for (String page : pages()) {
      assertThat(Files.readString(ROOT.resolve("docs/runbooks").resolve(page)))
          .startsWith("# " + page.replace(".md", "") + "\n\n")
          .contains("\n## Look at first\n\n", "\n## Do\n\n", "\n## Wake\n\n");
    }
  }

  @Test
  void expressionsAreRightAndAboutDocumentedMetrics() throws Exception {
    Map<String, String> expressions = new LinkedHashMap<>();
    alerts()
        .forEach(
            alert -> expressions.put(alert.path("expr").asText(), alert.path("alert").asText()));
    for (Path dashboard : dashboards()) {
      for (JsonNode panel : JSON.readTree(dashboard.toFile()).path("panels")) {
        panel
            .path("targets")
            .forEach(target ->
                expressions.put(
                    target.path("expr").asText(), dashboard + ": " + panel.path("title").asText()));
      }
    }
    assertThat(expressions).hasSizeGreaterThan(40);

    Map<String, MetricsPage.Row> documented = MetricsPage.read().rows();
    for (JsonNode read : parsed(List.copyOf(expressions.keySet()))) {
      String where = expressions.get(read.path("expression").asText());
      assertThat(read.path("wrongAt").asInt()).as(where).isEqualTo(-1);
      assertThat(read.path("selectors")).as(where).isNotEmpty();
      for (JsonNode selector : read.path("selectors")) {
        String metric = family(selector.path("metric").asText(), documented);
        assertThat(documented).as(where).containsKey(metric);
        selector
            .path("labels")
            .forEach(label ->
                assertThat(
                        documented.get(metric).labels().contains(label.asText())
                            || OF_PROMETHEUS.contains(label.asText()))
                    .as(where + ": label " + label.asText() + " of " + metric)
                    .isTrue());
      }
    }
  }

  @Test
  void eachDashboardHasANameOfItsOwn() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path dashboard : dashboards()) {
      names.add(JSON.readTree(dashboard.toFile()).path("uid").asText());
    }
    assertThat(names)
        .containsExactlyInAnyOrder("odap-overview", "odap-transfers", "odap-log", "odap-adapters");
  }

  private static String family(String selected, Map<String, MetricsPage.Row> documented) {
    return documented.containsKey(selected)
        ? selected
        : selected.replaceAll("_(bucket|count|sum|max)$", "");
  }

  private static List<JsonNode> alerts() throws IOException {
    JsonNode file = new YAMLMapper().readTree(FILES.resolve("alerts/odap.yaml").toFile());
    return StreamSupport.stream(file.path("groups").spliterator(), false)
        .flatMap(group -> StreamSupport.stream(group.path("rules").spliterator(), false))
        .toList();
  }

  private static List<String> pages() throws IOException {
    try (Stream<Path> pages = Files.list(ROOT.resolve("docs/runbooks"))) {
      return pages.map(page -> page.getFileName().toString()).toList();
    }
  }

  private static List<Path> dashboards() throws IOException {
    try (Stream<Path> files = Files.list(FILES.resolve("dashboards"))) {
      return files.toList();
    }
  }

  /** As Prometheus's own grammar reads them. */
  private static JsonNode parsed(List<String> expressions) throws Exception {
    Process node =
        new ProcessBuilder("node", ROOT.resolve("tools/read-promql.mjs").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (var in = node.getOutputStream()) {
      JSON.writeValue(in, expressions);
    }
    JsonNode read = JSON.readTree(node.getInputStream());
    assertThat(node.waitFor()).isZero();
    return read;
  }
}
