package org.odap.helm;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One object of Kubernetes, as a tree of YAML. */
record KubernetesObject(Map<String, Object> tree) {

  String kind() {
    return Fields.text(tree, "kind");
  }

  String apiVersion() {
    return Fields.text(tree, "apiVersion");
  }

  String name() {
    return Fields.text(tree, "metadata", "name");
  }

  Map<String, Object> labels() {
    return Fields.map(tree, "metadata", "labels");
  }

  boolean isWorkload() {
    return List.of("Deployment", "StatefulSet", "DaemonSet", "Job").contains(kind());
  }

  /** Labels of a workload's pods. */
  Map<String, Object> podLabels() {
    return Fields.map(tree, "spec", "template", "metadata", "labels");
  }

  /** What a workload's pods are. */
  Map<String, Object> pod() {
    return Fields.map(tree, "spec", "template", "spec");
  }

  /** All containers of a workload's pods. */
  List<Map<String, Object>> containers() {
    return Stream.concat(
            Fields.list(pod(), "containers").stream(),
            Fields.list(pod(), "initContainers").stream())
        .toList();
  }

  @Override
  public String toString() {
    return kind() + " " + name();
  }
}
