package org.odap.core.envelope;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.FieldDescriptor;
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
    if (!message.getUnknownFields().isEmpty()) {
      return Optional.of("");
    }
    Optional<Any> any = OdapTypes.asAny(message);
    if (any.isPresent()) {
      return findInContent(any.get());
    }
    for (FieldReader field : FieldReader.of(message.getDescriptorForType())) {
      if (field.type() == FieldDescriptor.Type.MESSAGE && !field.isMap()) {
        Optional<String> found = findIn(message, field);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> findIn(Message message, FieldReader field) {
    if (!field.isGiven(message)) {
      return Optional.empty();
    }
    if (!field.isRepeated()) {
      return find((Message) field.value(message)).map(inner -> path(field.jsonName(), inner));
    }
    List<?> elements = (List<?>) field.value(message);
    for (int i = 0; i < elements.size(); i++) {
      Optional<String> found = find((Message) elements.get(i));
      if (found.isPresent()) {
        return Optional.of(path(field.jsonName() + "[" + i + "]", found.get()));
      }
    }
    return Optional.empty();
  }

  private static String path(String name, String inner) {
    return inner.isEmpty() ? name : name + "." + inner;
  }

  /** Content that can't be read is wholly unknown. */
  private static Optional<String> findInContent(Any any) {
    if (any.equals(Any.getDefaultInstance())) {
      return Optional.empty();
    }
    try {
      Optional<Message> content = OdapTypes.unpack(any);
      return content.isPresent() ? find(content.get()) : Optional.of("");
    } catch (InvalidProtocolBufferException e) {
      return Optional.of("");
    }
  }
}
