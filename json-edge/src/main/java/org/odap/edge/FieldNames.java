package org.odap.edge;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The fields of a message under both their names: that of JSON and that of the schema. */
final class FieldNames {
  private static final Map<Descriptor, Map<String, FieldDescriptor>> FIELDS =
      new ConcurrentHashMap<>();

  private FieldNames() {}

  static Optional<FieldDescriptor> find(Descriptor message, String name) {
    return Optional.ofNullable(FIELDS.computeIfAbsent(message, FieldNames::fields).get(name));
  }

  /** A path as services write it ({@code claims[0].dlt_system}) in the names of JSON. */
  static String inJson(Descriptor message, String path) {
    StringBuilder json = new StringBuilder();
    Optional<Descriptor> at = Optional.of(message);
    for (String segment : path.split("\\.", -1)) {
      int bracket = segment.indexOf('[');
      String name = bracket < 0 ? segment : segment.substring(0, bracket);
      Optional<FieldDescriptor> field = at.flatMap(type -> find(type, name));
      if (!json.isEmpty()) {
        json.append('.');
      }
      json.append(field.map(FieldDescriptor::getJsonName).orElse(name))
          .append(bracket < 0 ? "" : segment.substring(bracket));
      at =
          field
              .filter(f -> f.getJavaType() == FieldDescriptor.JavaType.MESSAGE)
              .map(FieldDescriptor::getMessageType);
    }
    return json.toString();
  }

  private static Map<String, FieldDescriptor> fields(Descriptor message) {
    Map<String, FieldDescriptor> fields = new HashMap<>();
    for (FieldDescriptor field : message.getFields()) {
      fields.put(field.getName(), field);
      fields.put(field.getJsonName(), field);
    }
    return fields;
  }
}
