package org.odap.helm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looks into trees of YAML by paths such as {@code spec.template.metadata.labels}. */
final class Fields {
  private Fields() {}

  /** What is at a path of keys; an empty map where there is nothing. */
  static Map<String, Object> map(Object tree, String... path) {
    return at(tree, path) instanceof Map<?, ?> map ? copy(map) : Map.of();
  }

  /** The list at a path of keys, of maps; empty where there is none. */
  static List<Map<String, Object>> list(Object tree, String... path) {
    List<Map<String, Object>> items = new ArrayList<>();
    if (at(tree, path) instanceof List<?> list) {
      list.forEach(item -> items.add(map(item)));
    }
    return items;
  }

  /** The text of what is at a path of keys; empty where there is nothing. */
  static String text(Object tree, String... path) {
    Object found = at(tree, path);
    return found == null ? "" : found.toString();
  }

  private static Object at(Object tree, String... path) {
    Object found = tree;
    for (String key : path) {
      found = found instanceof Map<?, ?> map ? map.get(key) : null;
    }
    return found;
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(key.toString(), value));
    return copy;
  }
}
