package org.odap.helm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The chart takes every example, and says of wrong values what is wrong with them. */
@Tag("CARD-1")
@Tag("CARD-6")
class ChartTest {
  @TempDir private Path folder;

  static List<Path> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void lintFindsNothing(Path values) throws IOException {
    LintResult lint = Chart.lint(values, folder);
    assertThat(lint.isFailed()).as(lint.getMessages().toString()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyFieldOfEveryObjectExists(Path values) {
    StrictSchema schema = StrictSchema.load();
    assertThat(Chart.render(values))
        .hasSizeGreaterThan(20)
        .allSatisfy(object -> assertThat(schema.mistakes(object)).isEmpty());
  }

  @Test
  void networkPoliciesLetLinkerdsOwnPortThrough() {
    List<Map<String, Object>> rules = new ArrayList<>();
    Chart.render(Chart.example("linkerd")).stream()
        .filter(object -> object.kind().equals("NetworkPolicy"))
        .forEach(policy -> {
          rules.addAll(Fields.list(policy.tree(), "spec", "ingress"));
          rules.addAll(Fields.list(policy.tree(), "spec", "egress"));
        });
    assertThat(rules)
        .filteredOn(rule -> rule.toString().contains("port=744"))
        .hasSizeGreaterThanOrEqualTo(6)
        .allSatisfy(rule -> assertThat(rule.toString()).contains("port=4143"));
    assertThat(Chart.render(Chart.example("istio")).toString()).doesNotContain("4143");
  }

  /** What Prometheus and Grafana put in braces is theirs. */
  @Test
  void alertsAndDashboardsAreTakenAsTheyAre() throws IOException {
    Path chart = Chart.copy(folder);
    String summary = "{{ $labels.ledger }} is away";
    Files.createDirectories(chart.resolve("files/alerts"));
    Files.writeString(
        chart.resolve("files/alerts/more.yaml"),
        """
        groups:
          - name: more
            rules:
              - alert: Away
                expr: up == 0
                annotations: {summary: "%s"}
        """
            .formatted(summary));
    String dashboard = "{\"title\": \"{{ledger}}\"}\n";
    Files.createDirectories(chart.resolve("files/dashboards"));
    Files.writeString(chart.resolve("files/dashboards/more.json"), dashboard);

    List<KubernetesObject> objects = Chart.render(chart, Chart.example("three-ledgers"));

    assertThat(objects)
        .filteredOn(object -> object.name().equals("alpha-more"))
        .singleElement()
        .satisfies(rules -> {
          assertThat(rules.kind()).isEqualTo("PrometheusRule");
          assertThat(rules.labels()).containsEntry("release", "prometheus");
          assertThat(rules.tree().toString()).contains(summary);
          assertThat(StrictSchema.load().mistakes(rules)).isEmpty();
        });
    assertThat(objects)
        .filteredOn(object -> object.name().equals("alpha-dashboard-more"))
        .singleElement()
        .satisfies(map -> {
          assertThat(map.labels()).containsEntry("grafana_dashboard", "1");
          assertThat(Fields.text(map.tree(), "data", "more.json")).isEqualTo(dashboard);
        });
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment/alpha-gateway-0, spec.template.spec.topologySpreadConstrains",
    "StatefulSet/alpha-log, spec.podManagmentPolicy",
    "Service/alpha-log, spec.publishNotReady",
    "NetworkPolicy/alpha-log, spec.ingres",
    "Certificate/alpha-log, spec.uri"
  })
  void fieldThatDoesNotExistIsFound(String which, String field) {
    KubernetesObject object =
        Chart.render(Chart.example("minimal")).stream()
            .filter(one -> (one.kind() + "/" + one.name()).equals(which))
            .findFirst()
            .orElseThrow();
    Map<String, Object> broken = with(object.tree(), List.of(field.split("\\.")));
    assertThat(StrictSchema.load().mistakes(new KubernetesObject(broken)))
        .singleElement()
        .asString()
        .contains("unknown field");
  }

  @Test
  void kindThatDoesNotExistIsFound() {
    assertThat(
            StrictSchema.load()
                .mistakes(
                    new KubernetesObject(Map.of("apiVersion", "apps/v1", "kind", "Deploiment"))))
        .singleElement()
        .asString()
        .contains("unknown kind apps/v1/Deploiment");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "organization: ''             | at '/organization'",
        "organisation: alpha          | additional properties 'organisation' not allowed",
        "log: {nodes: 2}              | at '/log/nodes': value must be one of 1, 3, 5",
        "gateway: {replicas: 0}       | at '/gateway/replicas': minimum: got 0, want 1",
        "gateway: {replica: 2}        | at '/gateway': additional properties 'replica' not allowed",
        "image: {tag: latest}         | at '/image/tag'",
        "mesh: {kind: consul}         | at '/mesh/kind': value must be one of 'none', 'istio',"
            + " 'linkerd'",
        "mesh: {kind: none, replacesTls: true} | mesh.replacesTls: value: true (expected: false with"
            + " mesh.kind none)",
        "mesh: {members: [{name: x}]} | at '/mesh/members/0': missing property 'identity'",
        "connectionAgeMax: 10         | at '/connectionAgeMax': got number, want string",
        "ledgers: []                  | at '/ledgers': minItems: got 0, want 1",
        "ledgers: [{name: a, kind: corda, dltSystem: a}] | at '/ledgers/0/kind': value must be one"
            + " of 'ethereum', 'fabric', 'sql'",
        "ledgers: [{name: a, kind: sql}] | at '/ledgers/0': missing property 'dltSystem'",
        "ledgers: [{name: a, kind: sql, dltSystem: x}, {name: a, kind: sql, dltSystem: y}]"
            + " | ledgers: name a twice (expected: each once)",
        "ledgers: [{name: a, kind: sql, dltSystem: x}, {name: b, kind: sql, dltSystem: x}]"
            + " | ledgers: dltSystem x twice (expected: each once)",
        "ledgers: [{name: a, kind: ethereum, dltSystem: a}] | ledgers: a: accounts: missing"
            + " (expected: secret with a key for each of count adapters)",
        "tls: {certManager: {enabled: false}} | tls.secrets.gateway-0: missing (expected: the name"
            + " of a secret",
        "attestation: {enabled: true} | attestation.verifier.policyConfigMap: missing (expected: a"
            + " ConfigMap with policy.yaml)"
      })
  void wrongValueIsRefusedInWords(String change, String words) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>(Chart.read(Chart.example("istio")));
    Chart.parse(change)
        .forEach((key, value) ->
            values.merge(
                key,
                value,
                (given, wrong) -> {
                  if (!(given instanceof Map) || !(wrong instanceof Map)) {
                    return wrong;
                  }
                  Map<String, Object> both = new LinkedHashMap<>(Fields.map(given));
                  both.putAll(Fields.map(wrong));
                  return both;
                }));
    Path file = folder.resolve("values.yaml");
    Files.writeString(file, new YAMLMapper().writeValueAsString(values));
    assertThatThrownBy(() -> Chart.render(file)).hasMessageContaining(words);
  }

  private static Map<String, Object> with(Map<String, Object> tree, List<String> path) {
    Map<String, Object> changed = new LinkedHashMap<>(tree);
    String key = path.getFirst();
    changed.put(
        key,
        path.size() == 1 ? "x" : with(Fields.map(tree.get(key)), path.subList(1, path.size())));
    return changed;
  }
}
