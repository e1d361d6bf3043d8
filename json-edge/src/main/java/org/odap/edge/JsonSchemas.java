package org.odap.edge;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * JSON Schemas (2020-12, as OpenAPI 3.1 has them) of messages.
 *
 * <p>Mutable: the messages that were named and must be described.
 */
final class JsonSchemas {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String REFERENCE = "#/components/schemas/";
  private static final String ANY = "google.protobuf.Any";

  /** Of these a gateway must give more than a client: what exactly is for the reader. */
  private static final Set<String> BY_SENDER =
      Set.of(
          "odap.common.v1.Asset",
          "odap.common.v1.Envelope",
          "odap.common.v1.Version",
          "odap.log.v1.LogEntry",
          "odap.log.v1.LogPayload");

  /** Without a condition behind the word. */
  private static final Pattern REQUIRED = Pattern.compile("REQUIRED[.,]");

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
    return fields(schema, message, List.of());
  }

  /** A message some of whose fields come another way. */
  ObjectNode without(Descriptor message, Collection<String> given) {
    return fields(NODES.objectNode().put("type", "object"), message, given);
  }

  private ObjectNode fields(ObjectNode schema, Descriptor message, Collection<String> given) {
    ObjectNode properties = schema.putObject("properties");
    message.getFields().forEach(field -> properties.set(field.getJsonName(), field(field)));
    List<String> required =
        message.getFields().stream()
            .filter(field -> !given.contains(field.getName()) && isRequired(field))
            .map(FieldDescriptor::getJsonName)
            .toList();
    if (!required.isEmpty()) {
      required.forEach(schema.putArray("required")::add);
    }
    return schema.put("additionalProperties", false);
  }

  /**
   * Whether a message without this field is refused: its comment begins with it. A condition after
   * the word is for the reader. JSON leaves a false out: it is never missing.
   */
  boolean isRequired(FieldDescriptor field) {
    return field.getType() != FieldDescriptor.Type.BOOL
        && !BY_SENDER.contains(field.getContainingType().getFullName())
        && REQUIRED.matcher(comments.of(field.getFullName())).lookingAt();
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
