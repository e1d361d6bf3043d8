package org.odap.helm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every value is known to the schema with what it means, and the README lists them all. */
@Tag("CARD-6")
class ValuesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Object> SCHEMA =
      Chart.read(Chart.FOLDER.resolve("values.schema.json"));

  @Test
  void schemaKnowsEveryValue() {
    List<String> unknown = new ArrayList<>();
    compare("", Chart.read(Chart.FOLDER.resolve("values.yaml")), SCHEMA, unknown);
    assertThat(unknown).isEmpty();
  }

  @Test
  void readmeListsEveryValue() throws IOException {
    StringBuilder table = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
    rows("", SCHEMA, Chart.read(Chart.FOLDER.resolve("values.yaml")), table);
    Path readme = Chart.FOLDER.resolve("README.md");
    String text = Files.readString(readme);
    String expected =
        text.replaceAll(
            "(?s)\\| value \\| default \\| meaning \\|\n.*?\n(?=\n|$)",
            Matcher.quoteReplacement(table.toString()));
    if (Boolean.getBoolean("odap.rewrite")) {
      Files.writeString(readme, expected);
    }
    assertThat(Files.readString(readme)).isEqualTo(expected);
  }

  private static void compare(
      String path, Map<String, Object> values, Map<String, Object> schema, List<String> unknown) {
    Map<String, Object> properties = Fields.map(schema, "properties");
    values.forEach((key, value) -> {
      Map<String, Object> known = Fields.map(properties, key);
      if (Fields.text(known, "description").isEmpty()) {
        unknown.add(path + key);
      } else if (value instanceof Map && known.containsKey("properties")) {
        compare(path + key + ".", Fields.map(value), known, unknown);
      }
    });
  }

  private static void rows(
      String path, Map<String, Object> schema, Map<String, Object> defaults, StringBuilder table) {
    Fields.map(schema, "properties")
        .forEach((key, property) -> {
          Object standard = defaults.get(key);
          if (path.isEmpty() && key.equals("global")) {
            return;
          }
          if (Fields.map(property).containsKey("properties")) {
            rows(path + key + ".", Fields.map(property), Fields.map(standard), table);
            return;
          }
          table.append(
              "| `%s` | %s | %s |%n"
                  .formatted(
                      path + key,
                      shown(standard),
                      Fields.text(property, "description").replace("<", "&lt;")));
          Map<String, Object> items = Fields.map(property, "items");
          if (items.containsKey("properties")) {
            rows(path + key + "[].", items, Map.of(), table);
          }
        });
  }

  private static String shown(Object standard) {
    if (standard == null || standard.toString().matches("|\\[]|\\{}")) {
      return "";
    }
    try {
      String text =
          standard instanceof String ? standard.toString() : JSON.writeValueAsString(standard);
      return "`" + text.replace("|", "\\|") + "`";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
