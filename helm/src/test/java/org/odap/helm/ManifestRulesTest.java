package org.odap.helm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules hold for every example, and each of them finds what it is there for. */
@Tag("CARD-6")
class ManifestRulesTest {
  static List<Path> examples() {
    return Chart.examples();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void examplesHoldEveryRule(Path values) {
    assertThat(ManifestRules.mistakes(Chart.render(values))).isEmpty();
  }

  /** A rule's name, and how a good release is broken so that it finds it. */
  record Breach(String rule, Consumer<List<KubernetesObject>> doing) {
    @Override
    public String toString() {
      return rule;
    }
  }

  static List<Breach> breaches() {
    return List.of(
        container("not-root", "securityContext", "runAsNonRoot", false),
        container("not-root", "securityContext", "runAsUser", 0),
        container("read-only-root", "securityContext", "readOnlyRootFilesystem", false),
        container("no-escalation", "securityContext", "allowPrivilegeEscalation", true),
        container("no-escalation", "securityContext", "privileged", true),
        container("no-capabilities", "securityContext", "capabilities", Map.of()),
        container(
            "no-capabilities",
            "securityContext",
            "capabilities",
            Map.of("drop", List.of("ALL"), "add", List.of("SYS_ADMIN"))),
        container("seccomp", "securityContext", "seccompProfile", Map.of("type", "Unconfined")),
        container("resources", "resources", "limits", Map.of("cpu", "1")),
        container("resources", "resources", "requests", Map.of("cpu", "1", "memory", "1Mi")),
        container("probes", "livenessProbe", "httpGet", Map.of("path", "/", "port", "http-ops")),
        container(
            "probes", "readinessProbe", "httpGet", Map.of("path", "/health/ready", "port", "x")),
        breach("pinned-image", objects -> put(container(objects), "image", "odap/log:latest")),
        breach("pinned-image", objects -> put(container(objects), "image", "odap/log")),
        breach(
            "no-secret-in-environment",
            objects ->
                put(
                    container(objects),
                    "env",
                    List.of(
                        Map.of(
                            "name",
                            "KEY",
                            "valueFrom",
                            Map.of("secretKeyRef", Map.of("name", "keys", "key", "one")))))),
        breach(
            "no-secret-in-environment",
            objects -> put(container(objects), "env", List.of(Map.of("name", "K", "value", "s")))),
        breach(
            "named-ports",
            objects -> put(container(objects), "ports", List.of(Map.of("name", "rpc", "port", 1)))),
        pod("service-account", "serviceAccountName", "default"),
        pod("service-account", "automountServiceAccountToken", true),
        pod("no-host", "hostNetwork", true),
        pod("no-host", "volumes", List.of(Map.of("name", "x", "hostPath", Map.of("path", "/")))),
        pod("time-to-stop", "terminationGracePeriodSeconds", ""),
        pod(
            "closed-secrets",
            "volumes",
            List.of(Map.of("name", "x", "secret", Map.of("secretName", "x")))),
        pod("spread", "topologySpreadConstraints", List.of()),
        breach(
            "selector",
            objects ->
                put(
                    at(workload(objects).tree(), "spec"),
                    "selector",
                    Map.of("matchLabels", Map.of("app", "another")))),
        breach(
            "disjoint-selectors",
            objects ->
                put(
                    at(workload(objects).tree(), "spec"),
                    "selector",
                    Map.of("matchLabels", Map.of("app.kubernetes.io/name", "odap")))),
        without("disruption-budget", "PodDisruptionBudget", "alpha-log"),
        without("network-policy", "NetworkPolicy", "alpha-deny"),
        without("services-find-pods", "StatefulSet", "alpha-log"),
        breach("services-find-pods", objects -> put(container(objects), "ports", List.of())),
        without("mounted-objects-exist", "ConfigMap", "alpha-log"),
        without("mounted-objects-exist", "ServiceAccount", "alpha-log"),
        pod("mounted-objects-exist", "volumes", List.of()),
        breach(
            "no-secret-in-plain-objects",
            objects ->
                objects.add(
                    new KubernetesObject(
                        Map.of(
                            "kind",
                            "ConfigMap",
                            "data",
                            Map.of("config.yaml", "user: me\npassword: you\n"))))),
        breach(
            "no-secret-in-plain-objects",
            objects -> objects.add(new KubernetesObject(Map.of("kind", "Secret")))),
        breach(
            "kept-storage",
            objects ->
                at(named(objects, "StatefulSet", "alpha-log").tree(), "spec")
                    .remove("persistentVolumeClaimRetentionPolicy")),
        breach(
            "one-process-a-key",
            objects ->
                put(
                    at(named(objects, "Deployment", "alpha-gateway-0").tree(), "spec"),
                    "replicas",
                    2)),
        breach(
            "autoscaler",
            objects ->
                put(
                    at(named(objects, "Deployment", "alpha-ledger-books").tree(), "spec"),
                    "replicas",
                    2)),
        breach("labels", objects -> at(workload(objects).tree(), "metadata").remove("labels")));
  }

  @ParameterizedTest
  @MethodSource("breaches")
  void whatBreaksARuleIsFound(Breach breach) {
    List<KubernetesObject> objects = new ArrayList<>(Chart.render(Chart.example("minimal")));
    breach.doing().accept(objects);
    assertThat(ManifestRules.RULES.get(breach.rule()).apply(objects)).isNotEmpty();
  }

  @Test
  void everyRuleIsBrokenOnce() {
    assertThat(breaches().stream().map(Breach::rule).distinct())
        .containsExactlyInAnyOrderElementsOf(ManifestRules.RULES.keySet());
  }

  private static Breach breach(String rule, Consumer<List<KubernetesObject>> doing) {
    return new Breach(rule, doing);
  }

  private static Breach container(String rule, String block, String key, Object value) {
    return breach(rule, objects -> put(at(container(objects), block), key, value));
  }

  private static Breach pod(String rule, String key, Object value) {
    return breach(
        rule, objects -> put(at(workload(objects).tree(), "spec", "template", "spec"), key, value));
  }

  private static Breach without(String rule, String kind, String name) {
    return breach(rule, objects -> objects.remove(named(objects, kind, name)));
  }

  private static KubernetesObject workload(List<KubernetesObject> objects) {
    return named(objects, "StatefulSet", "alpha-log");
  }

  private static KubernetesObject named(List<KubernetesObject> objects, String kind, String name) {
    return objects.stream()
        .filter(object -> object.kind().equals(kind) && object.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, Object> container(List<KubernetesObject> objects) {
    List<?> containers =
        (List<?>) at(workload(objects).tree(), "spec", "template", "spec").get("containers");
    return cast(containers.getFirst());
  }

  /** The map itself, not a copy: it is to be broken. */
  private static Map<String, Object> at(Map<String, Object> tree, String... path) {
    Map<String, Object> found = tree;
    for (String key : path) {
      found = cast(found.get(key));
    }
    return found;
  }

  @SuppressWarnings("unchecked") // Trees of YAML have texts as keys.
  private static Map<String, Object> cast(Object map) {
    return (Map<String, Object>) map;
  }

  private static void put(Map<String, Object> map, String key, Object value) {
    map.put(key, value);
  }
}
