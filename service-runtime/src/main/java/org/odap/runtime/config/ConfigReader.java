package org.odap.runtime.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a tree of YAML nodes into records; collects mistakes and goes on. */
final class ConfigReader {
  private final Path folder;
  private final List<String> mistakes;

  ConfigReader(Path folder, List<String> mistakes) {
    this.folder = folder;
    this.mistakes = mistakes;
  }

  <T extends Record> Optional<T> record(String path, JsonNode node, Class<T> type) {
    if (!node.isObject()) {
      return wrong(path, node, "keys of " + type.getSimpleName());
    }
    int mistakesBefore = mistakes.size();
    RecordComponent[] components = type.getRecordComponents();
    List<Object> values = new ArrayList<>();
    Set<String> known = new HashSet<>();
    for (RecordComponent component : components) {
      String key = kebabCase(component.getName());
      known.add(key);
      component(join(path, key), node.path(key), component).ifPresent(values::add);
    }
    refuseUnknown(path, node, type, known);
    if (mistakes.size() > mistakesBefore) {
      return Optional.empty();
    }
    Optional<T> made = construct(path, type, components, values);
    made.filter(Checked.class::isInstance)
        .map(Checked.class::cast)
        .ifPresent(checked -> checked.mistakes().forEach(line -> mistakes.add(join(path, line))));
    return mistakes.size() > mistakesBefore ? Optional.empty() : made;
  }

  static String kebabCase(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  private Optional<Object> component(String path, JsonNode node, RecordComponent component) {
    Optional<Bounds> bounds = Optional.ofNullable(component.getAnnotation(Bounds.class));
    Type type = component.getGenericType();
    if (isGiven(node)) {
      return value(path, node, type, bounds);
    }
    Default standard = component.getAnnotation(Default.class);
    if (standard != null) {
      return scalar(
          path, JsonNodeFactory.instance.textNode(standard.value()), rawType(type), true, bounds);
    }
    Class<?> raw = rawType(type);
    if (raw == Optional.class) {
      return Optional.of(Optional.empty());
    }
    if (raw == List.class || raw == Map.class) {
      return withinLength(path, 0, bounds, raw == List.class ? List.of() : Map.of());
    }
    if (raw.isRecord()) {
      return value(path, JsonNodeFactory.instance.objectNode(), type, bounds);
    }
    mistakes.add(path + ": missing (expected: " + Scalars.expected(raw, bounds) + ")");
    return Optional.empty();
  }

  private Optional<Object> value(String path, JsonNode node, Type type, Optional<Bounds> bounds) {
    Class<?> raw = rawType(type);
    if (raw == Optional.class) {
      return value(path, node, argument(type, 0), bounds).map(Optional::of);
    }
    if (raw == List.class) {
      return list(path, node, argument(type, 0), bounds);
    }
    if (raw == Map.class) {
      return map(path, node, argument(type, 1), bounds);
    }
    if (raw.isRecord()) {
      return record(path, node, raw.asSubclass(Record.class)).map(Object.class::cast);
    }
    return scalar(path, node, raw, false, bounds);
  }

  private Optional<Object> scalar(
      String path, JsonNode node, Class<?> type, boolean isDefault, Optional<Bounds> bounds) {
    Optional<Object> value =
        node.isValueNode() ? Scalars.parse(node, type, isDefault, folder) : Optional.empty();
    if (value.isEmpty() || !Scalars.isWithin(value.get(), bounds)) {
      return wrong(path, node, Scalars.expected(type, bounds));
    }
    return value;
  }

  private Optional<Object> list(String path, JsonNode node, Type item, Optional<Bounds> bounds) {
    if (!node.isArray()) {
      return wrong(path, node, "a list");
    }
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      value(path + "[" + i + "]", node.get(i), item, Optional.empty()).ifPresent(items::add);
    }
    return withinLength(path, node.size(), bounds, List.copyOf(items));
  }

  private Optional<Object> map(String path, JsonNode node, Type item, Optional<Bounds> bounds) {
    if (!node.isObject()) {
      return wrong(path, node, "keys with values");
    }
    Map<String, Object> items = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      value(join(path, field.getKey()), field.getValue(), item, Optional.empty())
          .ifPresent(value -> items.put(field.getKey(), value));
    }
    return withinLength(path, node.size(), bounds, Collections.unmodifiableMap(items));
  }

  private Optional<Object> withinLength(
      String path, int length, Optional<Bounds> bounds, Object value) {
    if (!Scalars.isWithin((long) length, bounds)) {
      mistakes.add(
          path + ": " + length + " entries (expected: " + Scalars.range(bounds).strip() + ")");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  private void refuseUnknown(String path, JsonNode node, Class<?> type, Set<String> known) {
    Map<String, String> retired = new LinkedHashMap<>();
    for (Retired key : type.getAnnotationsByType(Retired.class)) {
      retired.put(key.key(), key.instead());
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = field.getKey();
      if (retired.containsKey(key)) {
        mistakes.add(join(path, key) + ": retired: " + retired.get(key));
      } else if (!known.contains(key)) {
        mistakes.add(
            join(path, key) + ": unknown key (expected one of: " + sortedKeys(known) + ")");
      }
    }
  }

  private static String sortedKeys(Set<String> keys) {
    return String.join(", ", keys.stream().sorted().toList());
  }

  private <T> Optional<T> construct(
      String path, Class<T> type, RecordComponent[] components, List<Object> values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return Optional.of(constructor.newInstance(values.toArray()));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        mistakes.add((path.isEmpty() ? "file" : path) + ": " + refused.getMessage());
        return Optional.empty();
      }
      throw new IllegalStateException("constructor of " + type.getName() + " failed", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no canonical constructor: " + type.getName(), e);
    }
  }

  private <T> Optional<T> wrong(String path, JsonNode node, String expected) {
    String shown = node.isValueNode() ? node.asText() : node.isArray() ? "a list" : "keys";
    mistakes.add(
        (path.isEmpty() ? "file" : path) + ": value: " + shown + " (expected: " + expected + ")");
    return Optional.empty();
  }

  private static boolean isGiven(JsonNode node) {
    return !node.isMissingNode() && !node.isNull();
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  static Class<?> rawType(Type type) {
    return type instanceof ParameterizedType parameterized
        ? (Class<?>) parameterized.getRawType()
        : (Class<?>) type;
  }

  static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}
