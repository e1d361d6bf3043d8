package org.odap.helm;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.odap.runtime.config.ConfigFile;

/** The chart, rendered without a cluster and without a network. */
final class Chart {
  static final Path FOLDER = Path.of(System.getProperty("odap.root")).resolve("helm/odap");

  private static final String KUBERNETES = "1.31.0";
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {};

  private Chart() {}

  /** The example value files. */
  static List<Path> examples() {
    try (Stream<Path> files = Files.list(FOLDER.resolve("examples"))) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The example of this name. */
  static Path example(String name) {
    return FOLDER.resolve("examples").resolve(name + ".yaml");
  }

  /** The objects that a release named alpha in the namespace odap is made of. */
  static List<KubernetesObject> render(Path values) {
    return render(FOLDER, values);
  }

  /** The same of a copy of the chart. */
  static List<KubernetesObject> render(Path chart, Path values) {
    String yaml =
        new Helm(chart)
            .template()
            .withName("alpha")
            .withNamespace("odap")
            .withKubeVersion(KUBERNETES)
            .withValuesFile(values)
            .call();
    return parseAll(yaml);
  }

  /** A YAML text with any number of objects. */
  static List<KubernetesObject> parseAll(String yaml) {
    ObjectReader reader = YAML.readerFor(MAP);
    try (MappingIterator<Map<String, Object>> documents = reader.readValues(yaml)) {
      return documents.readAll().stream()
          .filter(Objects::nonNull)
          .map(KubernetesObject::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lints a copy of the chart whose default values are these over its own. */
  static LintResult lint(Path values, Path scratch) throws IOException {
    Path copy = copy(scratch);
    Map<String, Object> merged = merge(read(FOLDER.resolve("values.yaml")), read(values));
    Files.writeString(copy.resolve("values.yaml"), YAML.writeValueAsString(merged));
    return new Helm(copy).lint().strict().call();
  }

  /** A copy of the chart. */
  static Path copy(Path scratch) throws IOException {
    Path copy = scratch.resolve("odap");
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(FOLDER.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    return copy;
  }

  /** A YAML file with one object. */
  static Map<String, Object> read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A YAML text with one object. */
  static Map<String, Object> parse(String yaml) {
    try {
      return YAML.readValue(yaml, MAP);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> merge(Map<String, Object> below, Map<String, Object> above) {
    Map<String, Object> merged = new LinkedHashMap<>(below);
    above.forEach((key, value) ->
        merged.put(
            key,
            value instanceof Map && below.get(key) instanceof Map
                ? merge(Fields.map(below.get(key)), Fields.map(value))
                : value));
    return merged;
  }

  /** The configuration in a ConfigMap, as its service reads it. */
  static <T extends Record> T configuration(
      List<KubernetesObject> objects, String map, Path folder, Class<T> type) throws IOException {
    Path file = folder.resolve(map + ".yaml");
    Files.writeString(file, configurationText(objects, map));
    return ConfigFile.read(file, type);
  }

  /** The text of a configuration in a ConfigMap. */
  static String configurationText(List<KubernetesObject> objects, String map) {
    return objects.stream()
        .filter(object -> object.kind().equals("ConfigMap") && object.name().equals(map))
        .map(object -> Fields.text(object.tree(), "data", "config.yaml"))
        .findFirst()
        .orElseThrow();
  }
}
