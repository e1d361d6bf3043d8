package org.odap.helm;

import static java.util.Map.entry;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which fields Kubernetes' objects have. The models take any field without a word, so each is asked
 * for what it did not know; of kinds that clusters add themselves there are lists of fields.
 */
final class StrictSchema {
  private static final KubernetesSerialization MODELS = new KubernetesSerialization();

  private static final Map<String, Class<? extends HasMetadata>> KINDS =
      Map.ofEntries(
          entry("v1/ConfigMap", ConfigMap.class),
          entry("v1/PersistentVolumeClaim", PersistentVolumeClaim.class),
          entry("v1/Secret", Secret.class),
          entry("v1/Service", Service.class),
          entry("v1/ServiceAccount", ServiceAccount.class),
          entry("apps/v1/Deployment", Deployment.class),
          entry("apps/v1/StatefulSet", StatefulSet.class),
          entry("autoscaling/v2/HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
          entry("batch/v1/Job", Job.class),
          entry("networking.k8s.io/v1/NetworkPolicy", NetworkPolicy.class),
          entry("policy/v1/PodDisruptionBudget", PodDisruptionBudget.class));

  private final Map<String, Object> customKinds;

  private StrictSchema(Map<String, Object> customKinds) {
    this.customKinds = customKinds;
  }

  static StrictSchema load() {
    try (var file = StrictSchema.class.getResourceAsStream("custom-kinds.yaml")) {
      return new StrictSchema(Chart.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One line for each field or kind that does not exist, or has another type. */
  List<String> mistakes(KubernetesObject object) {
    String kind = object.apiVersion() + "/" + object.kind();
    List<String> mistakes = new ArrayList<>();
    if (customKinds.containsKey(kind)) {
      fields(object.toString(), object.tree().get("spec"), customKinds.get(kind), mistakes);
      return mistakes;
    }
    if (!KINDS.containsKey(kind)) {
      return List.of(object + ": unknown kind " + kind);
    }
    try {
      walk(object.toString(), MODELS.convertValue(object.tree(), KINDS.get(kind)), mistakes);
    } catch (RuntimeException e) {
      mistakes.add(object + ": " + e.getMessage());
    }
    return mistakes;
  }

  /** Fields of a custom kind: a map of them, a list with what its items are, or "any". */
  private static void fields(String path, Object given, Object known, List<String> mistakes) {
    if ("any".equals(known)) {
      return;
    }
    if (known instanceof List<?> items) {
      if (given instanceof List<?> list) {
        list.forEach(item -> fields(path + "[]", item, items.getFirst(), mistakes));
      } else {
        mistakes.add(path + ": not a list");
      }
      return;
    }
    if (known instanceof Map<?, ?> fields && given instanceof Map<?, ?> map) {
      map.forEach((key, value) -> {
        if (fields.containsKey(key)) {
          fields(path + "." + key, value, fields.get(key), mistakes);
        } else {
          mistakes.add(path + "." + key + ": unknown field");
        }
      });
      return;
    }
    if (known instanceof Map || given instanceof Map || given instanceof List) {
      mistakes.add(path + ": another type (expected: " + known + ")");
    }
  }

  private static void walk(String path, Object model, List<String> mistakes) {
    if (model instanceof Collection<?> items) {
      items.forEach(item -> walk(path + "[]", item, mistakes));
      return;
    }
    if (model == null || !model.getClass().getName().startsWith("io.fabric8.")) {
      return;
    }
    for (Method getter : model.getClass().getMethods()) {
      if (getter.getName().startsWith("get")
          && getter.getParameterCount() == 0
          && !Set.of("getClass", "getFullResourceName").contains(getter.getName())) {
        Object value = invoke(getter, model);
        if (getter.getName().equals("getAdditionalProperties")) {
          new TreeMap<>(Fields.map(value))
              .keySet()
              .forEach(key -> mistakes.add(path + "." + key + ": unknown field"));
        } else {
          walk(path + "." + getter.getName().substring(3), value, mistakes);
        }
      }
    }
  }

  private static Object invoke(Method getter, Object model) {
    try {
      return getter.invoke(model);
    } catch (InvocationTargetException | IllegalAccessException e) {
      throw new IllegalStateException(getter.toString(), e);
    }
  }
}
