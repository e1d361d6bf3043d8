package org.odap.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Requests by a published contract that have all required fields but one.
 *
 * @param values of fields, by their names; others have one of their type
 */
record Incomplete(JsonNode contract, Map<String, String> values) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A request.
   *
   * @param without path of the field that is not there
   */
  record Body(String without, JsonNode json) {}

  /** One for each field that a schema requires, also of the messages it requires. */
  List<Body> bodies(JsonNode schema) {
    ObjectNode whole = whole(schema);
    List<Body> bodies = new ArrayList<>();
    leaveOut(whole, whole, "", bodies);
    return bodies;
  }

  private static void leaveOut(ObjectNode whole, ObjectNode part, String path, List<Body> bodies) {
    for (String name : part.properties().stream().map(Map.Entry::getKey).toList()) {
      JsonNode value = part.remove(name);
      bodies.add(new Body(path + name, whole.deepCopy()));
      part.set(name, value);
      if (value instanceof ObjectNode inner) {
        leaveOut(whole, inner, path + name + ".", bodies);
      }
    }
  }

  /** All that a schema requires, and nothing else. */
  private ObjectNode whole(JsonNode given) {
    JsonNode schema = resolved(given);
    ObjectNode whole = JSON.createObjectNode();
    for (JsonNode name : schema.path("required")) {
      whole.set(name.asText(), value(name.asText(), schema.at("/properties").get(name.asText())));
    }
    return whole;
  }

  private JsonNode value(String name, JsonNode given) {
    JsonNode schema = resolved(given);
    if (values.containsKey(name)) {
      return JSON.getNodeFactory().textNode(values.get(name));
    }
    if (schema.has("enum")) {
      // The first says that none is given.
      return schema.get("enum").get(1);
    }
    JsonNode type = schema.path("type");
    return switch (type.isArray() ? "integer" : type.asText()) {
      case "object" -> whole(schema);
      case "array" -> JSON.createArrayNode().add(value("", schema.get("items")));
      case "integer" -> JSON.getNodeFactory().numberNode(1);
      case "boolean" -> JSON.getNodeFactory().booleanNode(true);
      default -> JSON.getNodeFactory().textNode("eA");
    };
  }

  private JsonNode resolved(JsonNode schema) {
    return schema.has("$ref") ? contract.at(schema.get("$ref").asText().substring(1)) : schema;
  }
}
