package org.odap.core.envelope;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.List;
import java.util.Optional;

/**
 * Finds what this version has no field for, at any depth. It would not show in the canonical bytes,
 * so whoever passes the message on could add it, change it or take it away.
 */
public final class UnknownFields {
  private UnknownFields() {}

  /** JSON path of a message that holds an unknown field: "" = the message itself. */
  public static Optional<String> find(Message message) {
    return find(message, "");
  }

  private static Optional<String> find(Message message, String path) {
    if (!message.getUnknownFields().isEmpty()) {
      return Optional.of(path);
    }
    Optional<Any> any = OdapTypes.asAny(message);
    if (any.isPresent()) {
      return findInContent(any.get(), path);
    }
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.getJavaType() == JavaType.MESSAGE && !field.isMapField()) {
        Optional<String> found = findIn(message, field, path);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> findIn(Message message, FieldDescriptor field, String path) {
    String name = path.isEmpty() ? field.getJsonName() : path + "." + field.getJsonName();
    if (!field.isRepeated()) {
      return message.hasField(field)
          ? find((Message) message.getField(field), name)
          : Optional.empty();
    }
    List<?> elements = (List<?>) message.getField(field);
    for (int i = 0; i < elements.size(); i++) {
      Optional<String> found = find((Message) elements.get(i), name + "[" + i + "]");
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Content that can't be read is wholly unknown. */
  private static Optional<String> findInContent(Any any, String path) {
    if (any.equals(Any.getDefaultInstance())) {
      return Optional.empty();
    }
    try {
      Optional<Message> content = OdapTypes.unpack(any);
      return content.isPresent() ? find(content.get(), path) : Optional.of(path);
    } catch (InvalidProtocolBufferException e) {
      return Optional.of(path);
    }
  }
}
