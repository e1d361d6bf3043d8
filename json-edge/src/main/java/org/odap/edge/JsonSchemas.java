package org.odap.edge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON Schemas (2020-12, as OpenAPI 3.1 has them) of messages.
 *
 * <p>Mutable: the messages that were named and must be described.
 */
final class JsonSchemas {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String REFERENCE = "#/components/schemas/";
  private static final String ANY = "google.protobuf.Any";
  private static final long UINT32_MAX = 0xFFFFFFFFL;

  private final Comments comments;
  private final Map<String, ObjectNode> described = new TreeMap<>();
  private final Deque<Descriptor> open = new ArrayDeque<>();

  JsonSchemas(Comments comments) {
    this.comments = comments;
  }

  /** A reference to a message's schema. */
  ObjectNode reference(Descriptor message) {
    String name = message.getFullName();
    if (!described.containsKey(name)) {
      described.put(name, NODES.objectNode());
      open.push(message);
    }
    return NODES.objectNode().put("$ref", REFERENCE + name);
  }

  /** The schemas of every message that was named, and of those they hold. */
  Map<String, ObjectNode> all() {
    while (!open.isEmpty()) {
      Descriptor message = open.pop();
      described.put(message.getFullName(), describe(message));
    }
    return described;
  }

  /** A field's schema with its comment. */
  ObjectNode field(FieldDescriptor field) {
    ObjectNode schema;
    if (field.isMapField()) {
      schema = NODES.objectNode().put("type", "object");
      schema.set("additionalProperties", single(field.getMessageType().findFieldByName("value")));
    } else if (field.isRepeated()) {
      schema = NODES.objectNode().put("type", "array");
      schema.set("items", single(field));
    } else {
      schema = single(field);
    }
    String comment = comments.of(field.getFullName());
    return comment.isEmpty() ? schema : schema.put("description", comment);
  }

  private ObjectNode describe(Descriptor message) {
    ObjectNode schema = NODES.objectNode().put("type", "object");
    String comment = comments.of(message.getFullName());
    if (!comment.isEmpty()) {
      schema.put("description", comment);
    }
    if (message.getFullName().equals(ANY)) {
      schema.put("description", "A message with its type, beside its fields.");
      schema.putObject("properties").putObject("@type").put("type", "string");
      schema.putArray("required").add("@type");
      return schema;
    }
    ObjectNode properties = schema.putObject("properties");
    message.getFields().forEach(field -> properties.set(field.getJsonName(), field(field)));
    return schema.put("additionalProperties", false);
  }

  private ObjectNode single(FieldDescriptor field) {
    ObjectNode schema = NODES.objectNode();
    return switch (field.getType()) {
      case MESSAGE, GROUP -> reference(field.getMessageType());
      case ENUM -> enumeration(field.getEnumType());
      case BOOL -> schema.put("type", "boolean");
      case STRING -> schema.put("type", "string");
      case BYTES -> schema.put("type", "string").put("contentEncoding", "base64");
      case FLOAT, DOUBLE -> schema.put("type", "number");
      case INT32, SINT32, SFIXED32 ->
          schema
              .put("type", "integer")
              .put("minimum", Integer.MIN_VALUE)
              .put("maximum", Integer.MAX_VALUE);
      case UINT32, FIXED32 ->
          schema.put("type", "integer").put("minimum", 0).put("maximum", UINT32_MAX);
      case UINT64, FIXED64 -> wide(schema, "^[0-9]{1,20}$");
      case INT64, SINT64, SFIXED64 -> wide(schema, "^-?[0-9]{1,19}$");
    };
  }

  /** Answers write it as a text; a request may write a number, up to 2^53. */
  private static ObjectNode wide(ObjectNode schema, String pattern) {
    schema.putArray("type").add("string").add("integer");
    return schema.put("pattern", pattern);
  }

  private ObjectNode enumeration(EnumDescriptor type) {
    ObjectNode schema = NODES.objectNode().put("type", "string");
    ArrayNode names = schema.putArray("enum");
    type.getValues().forEach(value -> names.add(value.getName()));
    return schema;
  }
}
