package org.odap.core.envelope;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The JSON Schema of a message's JSON, made from the schema of the message, its comments, and the
 * rules its fields are checked by.
 */
final class JsonSchema {
  private static final long MAX_UINT32 = 0xffff_ffffL;

  private final Deque<Descriptor> open = new ArrayDeque<>();
  private final Set<String> seen = new LinkedHashSet<>();

  private JsonSchema() {}

  static JsonObject of(Descriptor root, String title) {
    JsonSchema schemas = new JsonSchema();
    JsonObject schema = new JsonObject();
    schema.addProperty("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.addProperty("title", title);
    schemas.object(root).asMap().forEach(schema::add);
    JsonObject definitions = new JsonObject();
    while (!schemas.open.isEmpty()) {
      Descriptor next = schemas.open.remove();
      definitions.add(next.getName(), schemas.object(next));
    }
    schema.add("$defs", definitions);
    return schema;
  }

  private JsonObject object(Descriptor descriptor) {
    JsonObject properties = new JsonObject();
    JsonArray required = new JsonArray();
    for (FieldRules.Bound bound : FieldRules.of(descriptor)) {
      FieldDescriptor field = bound.field().field();
      JsonObject property = property(field, bound.rule());
      property.addProperty("description", SchemaComments.of(field));
      properties.add(field.getJsonName(), property);
      // A zero, an empty text and false are left out of the JSON, and may be what is meant.
      if (SchemaComments.isRequired(field) && field.getJavaType() != JavaType.BOOLEAN) {
        required.add(field.getJsonName());
      }
    }
    JsonObject object = type("object");
    object.add("properties", properties);
    object.add("required", required);
    object.addProperty("additionalProperties", false);
    return object;
  }

  private JsonObject property(FieldDescriptor field, FieldRule rule) {
    if (field.isMapField()) {
      JsonObject map = type("object");
      JsonObject keys = new JsonObject();
      keys.addProperty("minLength", 1);
      keys.addProperty("maxLength", rule.maxKeyLength());
      map.add("propertyNames", keys);
      map.add("additionalProperties", text(field, rule.form().pattern()));
      SchemaComments.maxCount(field).ifPresent(max -> map.addProperty("maxProperties", max));
      return map;
    }
    if (field.isRepeated()) {
      JsonObject list = type("array");
      list.add("items", value(field, rule.form(), true));
      SchemaComments.maxCount(field).ifPresent(max -> list.addProperty("maxItems", max));
      return list;
    }
    return value(field, rule.form(), rule.required());
  }

  private JsonObject value(FieldDescriptor field, Form form, boolean given) {
    return switch (field.getJavaType()) {
      case STRING -> given ? givenText(field, form) : optionalText(field, form);
      case INT -> {
        JsonObject number = type("integer");
        number.addProperty("minimum", given ? 1 : 0);
        number.addProperty("maximum", form.max() == 0 ? MAX_UINT32 : form.max());
        yield number;
      }
      case LONG -> {
        JsonObject number = type("string");
        number.addProperty(
            "pattern", form.pattern().isEmpty() ? "^-?[0-9]{1,20}$" : form.pattern());
        yield number;
      }
      case BOOLEAN -> type("boolean");
      case ENUM -> names(field);
      case MESSAGE -> reference(field.getMessageType());
      case FLOAT, DOUBLE, BYTE_STRING ->
          throw new IllegalArgumentException("not in what is published: " + field);
    };
  }

  private static JsonObject givenText(FieldDescriptor field, Form form) {
    JsonObject text = text(field, form.pattern());
    text.addProperty("minLength", 1);
    return text;
  }

  /** An empty text is the same as none. */
  private static JsonObject optionalText(FieldDescriptor field, Form form) {
    boolean takesNone = form.pattern().isEmpty() || Pattern.matches(form.pattern(), "");
    return text(field, takesNone ? form.pattern() : "^$|" + form.pattern());
  }

  private static JsonObject text(FieldDescriptor field, String pattern) {
    JsonObject text = type("string");
    SchemaComments.maxLength(field).ifPresent(max -> text.addProperty("maxLength", max));
    if (!pattern.isEmpty()) {
      text.addProperty("pattern", pattern);
    }
    return text;
  }

  private JsonObject reference(Descriptor descriptor) {
    if (!OdapTypes.isOwn(descriptor)) {
      // An Any: whatever its type names.
      JsonObject any = type("object");
      JsonArray required = new JsonArray();
      required.add("@type");
      any.add("required", required);
      return any;
    }
    if (seen.add(descriptor.getFullName())) {
      open.add(descriptor);
    }
    JsonObject reference = new JsonObject();
    reference.addProperty("$ref", "#/$defs/" + descriptor.getName());
    return reference;
  }

  private static JsonObject names(FieldDescriptor field) {
    JsonArray names = new JsonArray();
    for (EnumValueDescriptor value : field.getEnumType().getValues()) {
      if (value.getNumber() != 0) {
        names.add(value.getName());
      }
    }
    JsonObject named = type("string");
    named.add("enum", names);
    return named;
  }

  private static JsonObject type(String name) {
    JsonObject schema = new JsonObject();
    schema.addProperty("type", name);
    return schema;
  }
}
