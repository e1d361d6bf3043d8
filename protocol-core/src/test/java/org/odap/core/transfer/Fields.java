package org.odap.core.transfer;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;

/** Changes single fields of messages by their path in the schema, and seals what comes of it. */
final class Fields {
  private Fields() {}

  /** The message with another value at the path, e.g. "envelope.version.major". */
  static Message set(Message message, String path, Object value) {
    return change(
        message,
        path,
        (builder, field) -> {
          if (field.isRepeated()) {
            builder.clearField(field).addRepeatedField(field, value);
          } else {
            builder.setField(field, value);
          }
        });
  }

  /** The message without the field at the path. */
  static Message clear(Message message, String path) {
    return change(message, path, (builder, field) -> builder.clearField(field));
  }

  /** A value of the enum at the path. */
  static Object enumValue(Message message, String path, int number) {
    int dot = path.indexOf('.');
    if (dot >= 0) {
      FieldDescriptor field = field(message, path.substring(0, dot));
      return enumValue((Message) message.getField(field), path.substring(dot + 1), number);
    }
    return field(message, path).getEnumType().findValueByNumber(number);
  }

  static boolean has(MessageType type, String name) {
    return Places.of(type).input() instanceof Input.Received received
        && received.message().protobuf().getDescriptorForType().findFieldByName(name) != null;
  }

  /** The message with the payload hash that fits it. */
  static Message hash(Message message) {
    return set(message, "envelope.payload_hash", OdapMessage.of(message).payloadHash());
  }

  /** The message signed as it is. */
  static Message sign(Message message, Signer signer) {
    String signature = signer.sign(OdapMessage.of(message).canonicalBytes());
    Message signed = set(message, "envelope.message_signature", signature);
    for (String name : List.of("client_signature", "server_signature")) {
      if (message.getDescriptorForType().findFieldByName(name) != null) {
        signed = set(signed, name, signature);
      }
    }
    return signed;
  }

  private interface Change {
    void apply(Message.Builder builder, FieldDescriptor field);
  }

  private static Message change(Message message, String path, Change change) {
    Message.Builder builder = message.toBuilder();
    int dot = path.indexOf('.');
    if (dot < 0) {
      change.apply(builder, field(message, path));
    } else {
      FieldDescriptor field = field(message, path.substring(0, dot));
      builder.setField(
          field, change((Message) message.getField(field), path.substring(dot + 1), change));
    }
    return builder.build();
  }

  private static FieldDescriptor field(Message message, String name) {
    FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
    if (field == null) {
      throw new IllegalArgumentException(
          "no field " + name + " in " + message.getDescriptorForType().getFullName());
    }
    return field;
  }
}
