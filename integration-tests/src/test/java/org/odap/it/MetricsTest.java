package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.odap.it.system.Profile;
import org.odap.it.system.SharedSystem;
import org.odap.it.system.StorySystem;

/** What services count is what docs/metrics.md says, and nothing else. */
@Tag("CARD-6")
@ExtendWith(SharedSystem.class)
class MetricsTest {
  private static final Path ROOT = Path.of(System.getProperty("odap.root"));
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$");
  private static final Pattern SAMPLE = Pattern.compile("(?m)^([a-z0-9_]+?)(\\{[^}]*})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");
  private static final Pattern NAME_IN_CODE =
      Pattern.compile(
          "\"odap\\.(?:service|gateway|log|ledger|attestation|participant|quorum)\\.[a-z.]+\"");
  private static final Set<String> OF_HISTOGRAMS = Set.of("le");

  /** A metric without its values. */
  private record Metric(String type, Set<String> labels) {}

  @Test
  void whatRunningServicesExposeIsDocumented(StorySystem system) {
    Journey.ofUnits(system, Profile.CASH).begin().assertUnitsArrived();

    Map<String, MetricsPage.Row> documented = MetricsPage.read().rows();
    for (String process : system.running()) {
      exposed(system, process)
          .forEach((name, metric) -> {
            assertThat(documented)
                .as("docs/metrics.md on what " + process + " says")
                .containsKey(name);
            MetricsPage.Row row = documented.get(name);
            assertThat(metric.type()).as(name).isEqualTo(row.type());
            assertThat(row.labels()).as(name).containsAll(metric.labels());
          });
    }
  }

  @Test
  void whatIsDocumentedIsExposedByThoseWhoHaveIt(StorySystem system) {
    Journey.ofUnits(system, Profile.CASH).begin().assertUnitsArrived();

    Map<String, String> processes =
        Map.of(
            "gateway",
            "gateway-alpha",
            "log",
            "log-alpha",
            "ledger_sql",
            "sql-alpha",
            "resource",
            "resources-alpha");
    processes.forEach((service, process) -> {
      Map<String, Metric> exposed = exposed(system, process);
      assertThat(
              MetricsPage.read().rows().entrySet().stream()
                  .filter(row -> !row.getValue().isFromItsFirstEvent())
                  .map(Map.Entry::getKey)
                  .filter(name -> isOf(service, name)))
          .as("what " + process + " exposes")
          .allMatch(exposed::containsKey);
    });
  }

  @Test
  void whatTheCodeNamesIsWhatIsDocumented() throws IOException {
    Set<String> inCode = new TreeSet<>();
    for (Path file : sources()) {
      NAME_IN_CODE
          .matcher(Files.readString(file))
          .results()
          .map(MatchResult::group)
          .forEach(name -> inCode.add(name.replace("\"", "").replace('.', '_')));
    }
    Set<String> documented = MetricsPage.read().rows().keySet();
    assertThat(inCode)
        .as("names in the code")
        .allMatch(name -> documented.stream().anyMatch(one -> isNamed(one, name)));
    assertThat(
            documented.stream()
                .filter(name -> name.startsWith("odap_") && !name.endsWith("_rpc_seconds")))
        .as("names in docs/metrics.md")
        .allMatch(one -> inCode.stream().anyMatch(name -> isNamed(one, name)));
  }

  private static boolean isNamed(String documented, String inCode) {
    return documented.equals(inCode)
        || documented.matches(Pattern.quote(inCode) + "_(total|seconds|bytes|entries)");
  }

  private static boolean isOf(String service, String name) {
    return name.startsWith("odap_" + service + "_")
        || name.startsWith("odap_service_")
        || name.startsWith("jvm_");
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.walk(ROOT, 12)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> file.toString().contains("src/main/java"))
          .toList();
    }
  }

  private static Map<String, Metric> exposed(StorySystem system, String process) {
    String text = system.operations(process, "/metrics").body();
    Map<String, String> types = new TreeMap<>();
    TYPE.matcher(text).results().forEach(type -> types.put(type.group(1), type.group(2)));
    Map<String, Set<String>> labels = new HashMap<>();
    SAMPLE
        .matcher(text)
        .results()
        .forEach(sample ->
            labels
                .computeIfAbsent(family(sample.group(1), types), any -> new TreeSet<>())
                .addAll(labels(sample.group(2))));
    return types.entrySet().stream()
        // The greatest of the last minutes: there with each timer.
        .filter(type ->
            !type.getKey().endsWith("_max")
                || !types.containsKey(type.getKey().replaceAll("_max$", "")))
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                type -> new Metric(type.getValue(), labels.getOrDefault(type.getKey(), Set.of()))));
  }

  private static String family(String sample, Map<String, String> types) {
    return types.containsKey(sample) ? sample : sample.replaceAll("_(count|sum|bucket)$", "");
  }

  private static Set<String> labels(String text) {
    return text == null
        ? Set.of()
        : LABEL
            .matcher(text)
            .results()
            .map(label -> label.group(1))
            .filter(label -> !OF_HISTOGRAMS.contains(label))
            .collect(Collectors.toSet());
  }
}
