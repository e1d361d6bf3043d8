package org.odap.helm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What every release must hold, whatever its values: rules by name, each finding what breaks it.
 */
final class ManifestRules {
  /** A secret's name with its value beside it, or a key. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)\\b(password|secret|token|private-key)\"?\\s*:|PRIVATE KEY");

  static final Map<String, Function<List<KubernetesObject>, List<String>>> RULES =
      new LinkedHashMap<>();

  static {
    container(
        "not-root",
        (container, wrong) -> {
          Map<String, Object> security = Fields.map(container, "securityContext");
          if (!Boolean.TRUE.equals(security.get("runAsNonRoot"))
              || Fields.text(security, "runAsUser").matches("0?")) {
            wrong.accept("may run as root");
          }
        });
    container(
        "read-only-root",
        (container, wrong) -> {
          if (!"true".equals(Fields.text(container, "securityContext", "readOnlyRootFilesystem"))) {
            wrong.accept("may write into its image");
          }
        });
    container(
        "no-escalation",
        (container, wrong) -> {
          if (!"false".equals(Fields.text(container, "securityContext", "allowPrivilegeEscalation"))
              || "true".equals(Fields.text(container, "securityContext", "privileged"))) {
            wrong.accept("may gain privileges");
          }
        });
    container(
        "no-capabilities",
        (container, wrong) -> {
          Map<String, Object> capabilities =
              Fields.map(container, "securityContext", "capabilities");
          if (!capabilities.equals(Map.of("drop", List.of("ALL")))) {
            wrong.accept("keeps capabilities");
          }
        });
    container(
        "seccomp",
        (container, wrong) -> {
          if (!"RuntimeDefault"
              .equals(Fields.text(container, "securityContext", "seccompProfile", "type"))) {
            wrong.accept("has no seccomp profile");
          }
        });
    container(
        "resources",
        (container, wrong) -> {
          for (String side : List.of("requests", "limits")) {
            if (!Fields.map(container, "resources", side)
                .keySet()
                .containsAll(Set.of("cpu", "memory"))) {
              wrong.accept("has no " + side);
            }
          }
          // The JVM takes its share of the limit: what is not requested may be gone when it asks
          // for it.
          if (!Fields.text(container, "resources", "requests", "memory")
              .equals(Fields.text(container, "resources", "limits", "memory"))) {
            wrong.accept("requests less memory than it may use");
          }
        });
    container(
        "probes",
        (container, wrong) -> {
          Set<String> ports =
              Fields.list(container, "ports").stream()
                  .map(port -> Fields.text(port, "name"))
                  .collect(Collectors.toSet());
          Map.of("startupProbe", "started", "livenessProbe", "live", "readinessProbe", "ready")
              .forEach((probe, path) -> {
                if (!Fields.text(container, probe, "httpGet", "path").equals("/health/" + path)
                    || !ports.contains(Fields.text(container, probe, "httpGet", "port"))) {
                  wrong.accept("has no " + probe);
                }
              });
        });
    container(
        "pinned-image",
        (container, wrong) -> {
          String image = Fields.text(container, "image");
          if (!image.matches("[^@]+/[^@:/]+(:[^:@]+|@sha256:[0-9a-f]{64})")
              || image.endsWith(":latest")) {
            wrong.accept("has no fixed version: " + image);
          }
        });
    container(
        "no-secret-in-environment",
        (container, wrong) -> {
          for (Map<String, Object> variable : Fields.list(container, "env")) {
            if (!variable.containsKey("valueFrom")
                || !Fields.map(variable, "valueFrom").keySet().equals(Set.of("fieldRef"))) {
              wrong.accept("environment " + Fields.text(variable, "name"));
            }
          }
          if (container.containsKey("envFrom")) {
            wrong.accept("environment from elsewhere");
          }
        });
    container(
        "named-ports",
        (container, wrong) -> {
          for (Map<String, Object> port : Fields.list(container, "ports")) {
            if (!Fields.text(port, "name").matches("(tls|grpc|https|http)-[a-z-]{1,10}")) {
              wrong.accept("port " + port + " is not named after its protocol");
            }
          }
        });
    workload(
        "service-account",
        (workload, wrong) -> {
          String account = Fields.text(workload.pod(), "serviceAccountName");
          if (account.isEmpty()
              || account.equals("default")
              || !"false".equals(Fields.text(workload.pod(), "automountServiceAccountToken"))) {
            wrong.accept("has a token of the cluster's API");
          }
        });
    workload(
        "no-host",
        (workload, wrong) -> {
          if (Stream.of("hostNetwork", "hostPID", "hostIPC").anyMatch(workload.pod()::containsKey)
              || Fields.list(workload.pod(), "volumes").stream()
                  .anyMatch(volume -> volume.containsKey("hostPath"))) {
            wrong.accept("reaches into its host");
          }
        });
    workload(
        "time-to-stop",
        (workload, wrong) -> {
          if (Fields.text(workload.pod(), "terminationGracePeriodSeconds").isEmpty()) {
            wrong.accept("has no time to stop");
          }
        });
    workload(
        "closed-secrets",
        (workload, wrong) -> {
          for (Map<String, Object> volume : Fields.list(workload.pod(), "volumes")) {
            if (volume.containsKey("secret")
                && !Fields.text(volume, "secret", "defaultMode").equals("288")) {
              wrong.accept("secret open to others: " + Fields.text(volume, "name"));
            }
          }
        });
    workload(
        "spread",
        (workload, wrong) -> {
          List<Map<String, Object>> spread =
              Fields.list(workload.pod(), "topologySpreadConstraints");
          if (spread.size() < 2
              || !spread.stream()
                  .allMatch(
                      one -> selects(Fields.map(one, "labelSelector", "matchLabels"), workload))) {
            wrong.accept("is not spread over zones and nodes");
          }
        });
    workload(
        "selector",
        (workload, wrong) -> {
          Map<String, Object> selector =
              Fields.map(workload.tree(), "spec", "selector", "matchLabels");
          if (selector.isEmpty() || !selects(selector, workload)) {
            wrong.accept("does not select its own pods");
          }
        });
    RULES.put(
        "disjoint-selectors",
        objects -> {
          List<String> mistakes = new ArrayList<>();
          for (KubernetesObject one : workloads(objects)) {
            for (KubernetesObject other : workloads(objects)) {
              if (!one.equals(other)
                  && selects(Fields.map(one.tree(), "spec", "selector", "matchLabels"), other)) {
                mistakes.add(one + ": selects pods of " + other);
              }
            }
          }
          return mistakes;
        });
    RULES.put("disruption-budget", objects -> uncovered(objects, "PodDisruptionBudget"));
    RULES.put(
        "network-policy",
        objects -> {
          List<String> mistakes = new ArrayList<>();
          for (KubernetesObject workload : workloads(objects)) {
            Set<Object> covered = new HashSet<>();
            of(objects, "NetworkPolicy")
                .filter(policy ->
                    selects(
                        Fields.map(policy.tree(), "spec", "podSelector", "matchLabels"), workload))
                .forEach(policy ->
                    covered.addAll((List<?>) Fields.map(policy.tree(), "spec").get("policyTypes")));
            if (!covered.equals(Set.of("Ingress", "Egress"))) {
              mistakes.add(workload + ": open to everybody on the network");
            }
          }
          return mistakes;
        });
    RULES.put(
        "services-find-pods",
        objects -> {
          List<String> mistakes = new ArrayList<>();
          of(objects, "Service")
              .forEach(service -> {
                List<KubernetesObject> behind =
                    workloads(objects).stream()
                        .filter(workload ->
                            selects(Fields.map(service.tree(), "spec", "selector"), workload))
                        .toList();
                if (behind.isEmpty()) {
                  mistakes.add(service + ": nothing behind it");
                }
                for (Map<String, Object> port : Fields.list(service.tree(), "spec", "ports")) {
                  String name = Fields.text(port, "name");
                  if (!name.startsWith(Fields.text(port, "appProtocol") + "-")) {
                    mistakes.add(service + ": " + name + " is not named after its protocol");
                  }
                  for (KubernetesObject workload : behind) {
                    if (workload.containers().stream()
                        .flatMap(container -> Fields.list(container, "ports").stream())
                        .noneMatch(open ->
                            Fields.text(open, "name").equals(Fields.text(port, "targetPort")))) {
                      mistakes.add(service + ": " + workload + " has no port " + name);
                    }
                  }
                }
              });
          return mistakes;
        });
    RULES.put(
        "mounted-objects-exist",
        objects -> {
          Set<String> made =
              objects.stream()
                  .map(object -> object.kind() + "/" + object.name())
                  .collect(Collectors.toSet());
          List<String> mistakes = new ArrayList<>();
          for (KubernetesObject workload : workloads(objects)) {
            Set<String> volumes =
                Stream.concat(
                        Fields.list(workload.pod(), "volumes").stream(),
                        Fields.list(workload.tree(), "spec", "volumeClaimTemplates").stream()
                            .map(claim -> Fields.map(claim, "metadata")))
                    .map(volume -> Fields.text(volume, "name"))
                    .collect(Collectors.toSet());
            for (Map<String, Object> container : workload.containers()) {
              for (Map<String, Object> mount : Fields.list(container, "volumeMounts")) {
                if (!volumes.contains(Fields.text(mount, "name"))) {
                  mistakes.add(workload + ": no volume " + Fields.text(mount, "name"));
                }
              }
            }
            if (!made.contains(
                "ServiceAccount/" + Fields.text(workload.pod(), "serviceAccountName"))) {
              mistakes.add(workload + ": its service account is nobody's");
            }
            for (Map<String, Object> volume : Fields.list(workload.pod(), "volumes")) {
              String map = Fields.text(volume, "configMap", "name");
              if (map.startsWith("alpha-") && !made.contains("ConfigMap/" + map)) {
                mistakes.add(workload + ": no ConfigMap " + map);
              }
            }
          }
          return mistakes;
        });
    RULES.put(
        "no-secret-in-plain-objects",
        objects -> {
          List<String> mistakes = new ArrayList<>();
          of(objects, "Secret").forEach(secret -> mistakes.add(secret + ": rendered by a chart"));
          of(objects, "ConfigMap")
              .forEach(map ->
                  Fields.map(map.tree(), "data").values().stream()
                      .flatMap(text -> text.toString().lines())
                      .filter(line -> SECRET.matcher(line).find())
                      .forEach(line -> mistakes.add(map + ": a secret: " + line.strip())));
          return mistakes;
        });
    RULES.put(
        "kept-storage",
        objects ->
            workloads(objects).stream()
                .filter(workload -> workload.kind().equals("StatefulSet"))
                .filter(workload -> workload.tree().toString().contains("volumeClaimTemplates"))
                .filter(workload ->
                    !Fields.map(workload.tree(), "spec", "persistentVolumeClaimRetentionPolicy")
                        .equals(Map.of("whenDeleted", "Retain", "whenScaled", "Retain")))
                .map(workload -> workload + ": its storage goes with it")
                .toList());
    RULES.put(
        "one-process-a-key",
        objects ->
            workloads(objects).stream()
                .filter(workload -> workload.name().contains("-gateway-"))
                .filter(workload ->
                    !Fields.text(workload.tree(), "spec", "replicas").equals("1")
                        || !Fields.text(workload.tree(), "spec", "strategy", "type")
                            .equals("Recreate"))
                .map(workload -> workload + ": two processes with one key")
                .toList());
    RULES.put(
        "autoscaler",
        objects ->
            of(objects, "HorizontalPodAutoscaler")
                .filter(scaler ->
                    workloads(objects).stream()
                        .noneMatch(workload ->
                            workload
                                    .name()
                                    .equals(
                                        Fields.text(
                                            scaler.tree(), "spec", "scaleTargetRef", "name"))
                                && !Fields.map(workload.tree(), "spec").containsKey("replicas")))
                .map(scaler -> scaler + ": scales nothing, or what has a number of its own")
                .toList());
    RULES.put(
        "labels",
        objects ->
            objects.stream()
                .filter(object ->
                    !object
                        .labels()
                        .keySet()
                        .containsAll(
                            Set.of(
                                "app.kubernetes.io/name",
                                "app.kubernetes.io/instance",
                                "app.kubernetes.io/component",
                                "app.kubernetes.io/version")))
                .map(object -> object + ": without the usual labels")
                .toList());
  }

  private ManifestRules() {}

  /** What breaks any rule, one line each. */
  static List<String> mistakes(List<KubernetesObject> objects) {
    return RULES.values().stream().flatMap(rule -> rule.apply(objects).stream()).toList();
  }

  private static void workload(String name, BiConsumer<KubernetesObject, Consumer<String>> rule) {
    RULES.put(
        name,
        objects -> {
          List<String> mistakes = new ArrayList<>();
          workloads(objects)
              .forEach(workload ->
                  rule.accept(workload, mistake -> mistakes.add(workload + ": " + mistake)));
          return mistakes;
        });
  }

  private static void container(
      String name, BiConsumer<Map<String, Object>, Consumer<String>> rule) {
    workload(
        name,
        (workload, wrong) ->
            workload
                .containers()
                .forEach(container ->
                    rule.accept(
                        container,
                        mistake -> wrong.accept(Fields.text(container, "name") + " " + mistake))));
  }

  private static List<String> uncovered(List<KubernetesObject> objects, String kind) {
    return workloads(objects).stream()
        .filter(workload ->
            of(objects, kind)
                .noneMatch(object ->
                    selects(
                        Fields.map(object.tree(), "spec", "selector", "matchLabels"), workload)))
        .map(workload -> workload + ": no " + kind)
        .toList();
  }

  private static boolean selects(Map<String, Object> selector, KubernetesObject workload) {
    return workload.podLabels().entrySet().containsAll(selector.entrySet());
  }

  private static List<KubernetesObject> workloads(List<KubernetesObject> objects) {
    return objects.stream().filter(KubernetesObject::isWorkload).toList();
  }

  private static Stream<KubernetesObject> of(List<KubernetesObject> objects, String kind) {
    return objects.stream().filter(object -> object.kind().equals(kind));
  }
}
