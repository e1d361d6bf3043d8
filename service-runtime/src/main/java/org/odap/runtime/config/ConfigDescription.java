package org.odap.runtime.config;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Optional;

/** The keys of a configuration record as text: key, what is expected, default, meaning. */
final class ConfigDescription {
  private final StringBuilder text = new StringBuilder();

  private ConfigDescription() {}

  static String of(Class<? extends Record> type) {
    ConfigDescription description = new ConfigDescription();
    description.record("", type);
    return description.text.toString();
  }

  private void record(String prefix, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      component(prefix + ConfigReader.kebabCase(component.getName()), component);
    }
  }

  private void component(String path, RecordComponent component) {
    Type type = component.getGenericType();
    Class<?> raw = ConfigReader.rawType(type);
    Optional<Bounds> bounds = Optional.ofNullable(component.getAnnotation(Bounds.class));
    if (raw.isRecord()) {
      record(path + ".", raw);
      return;
    }
    if (raw == java.util.List.class || raw == java.util.Map.class) {
      boolean isList = raw == java.util.List.class;
      Class<?> item = ConfigReader.rawType(ConfigReader.argument(type, isList ? 0 : 1));
      String itemPath = path + (isList ? "[]" : ".<name>");
      boolean isNeeded = bounds.isPresent() && !bounds.get().min().isEmpty();
      line(
          itemPath,
          (isList ? "list" : "map") + Scalars.range(bounds) + (isNeeded ? "" : ", may be left out"),
          component);
      if (item.isRecord()) {
        record(itemPath + ".", item);
      }
      return;
    }
    boolean isOptional = raw == Optional.class;
    Class<?> scalar = isOptional ? ConfigReader.rawType(ConfigReader.argument(type, 0)) : raw;
    if (scalar.isRecord()) {
      line(path, "may be left out", component);
      record(path + ".", scalar);
      return;
    }
    String standard =
        Optional.ofNullable(component.getAnnotation(Default.class))
            .map(value -> ", default " + value.value())
            .orElse(isOptional ? ", may be left out" : "");
    line(path, Scalars.expected(scalar, bounds) + standard, component);
  }

  private void line(String path, String expected, RecordComponent component) {
    text.append(path).append(": ").append(expected);
    Optional.ofNullable(component.getAnnotation(Description.class))
        .ifPresent(description -> text.append("; ").append(description.value()));
    text.append('\n');
  }
}
