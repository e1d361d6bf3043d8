package org.odap.edge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Messages as JSON on one line, by the protobuf JSON mapping; default values are left out. */
final class JsonWriter {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonWriter() {}

  static byte[] write(Message message) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      object(out, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void object(JsonGenerator out, Message message) throws IOException {
    out.writeStartObject();
    if (message.getDescriptorForType().getFullName().equals("google.protobuf.Any")) {
      any(out, message);
    } else {
      fields(out, message);
    }
    out.writeEndObject();
  }

  private static void fields(JsonGenerator out, Message message) throws IOException {
    for (Map.Entry<FieldDescriptor, Object> one : message.getAllFields().entrySet()) {
      FieldDescriptor field = one.getKey();
      out.writeFieldName(field.getJsonName());
      if (field.isMapField()) {
        map(out, field, (List<?>) one.getValue());
      } else if (field.isRepeated()) {
        out.writeStartArray();
        for (Object element : (List<?>) one.getValue()) {
          value(out, field, element);
        }
        out.writeEndArray();
      } else {
        value(out, field, one.getValue());
      }
    }
  }

  private static void map(JsonGenerator out, FieldDescriptor field, List<?> entries)
      throws IOException {
    FieldDescriptor key = field.getMessageType().findFieldByName("key");
    FieldDescriptor value = field.getMessageType().findFieldByName("value");
    out.writeStartObject();
    for (Object entry : entries) {
      Message pair = (Message) entry;
      out.writeFieldName(String.valueOf(pair.getField(key)));
      value(out, value, pair.getField(value));
    }
    out.writeEndObject();
  }

  private static void value(JsonGenerator out, FieldDescriptor field, Object value)
      throws IOException {
    switch (field.getType()) {
      case MESSAGE, GROUP -> object(out, (Message) value);
      case STRING -> out.writeString((String) value);
      case BYTES ->
          out.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case BOOL -> out.writeBoolean((Boolean) value);
      case ENUM -> enumValue(out, (EnumValueDescriptor) value);
      case INT32, SINT32, SFIXED32 -> out.writeNumber((Integer) value);
      case UINT32, FIXED32 -> out.writeNumber(Integer.toUnsignedLong((Integer) value));
      // As texts: a JSON number is a double in many a language.
      case INT64, SINT64, SFIXED64 -> out.writeString(Long.toString((Long) value));
      case UINT64, FIXED64 -> out.writeString(Long.toUnsignedString((Long) value));
      case FLOAT -> decimal(out, (Float) value);
      case DOUBLE -> decimal(out, (Double) value);
    }
  }

  private static void decimal(JsonGenerator out, double value) throws IOException {
    if (Double.isFinite(value)) {
      out.writeNumber(value);
    } else {
      out.writeString(Double.toString(value));
    }
  }

  private static void enumValue(JsonGenerator out, EnumValueDescriptor value) throws IOException {
    // A number without a name came from a newer version.
    boolean isNamed = value.getType().findValueByNumber(value.getNumber()) != null;
    if (isNamed) {
      out.writeString(value.getName());
    } else {
      out.writeNumber(value.getNumber());
    }
  }

  private static void any(JsonGenerator out, Message any) throws IOException {
    Descriptor type = any.getDescriptorForType();
    String url = (String) any.getField(type.findFieldByNumber(Any.TYPE_URL_FIELD_NUMBER));
    ByteString bytes = (ByteString) any.getField(type.findFieldByNumber(Any.VALUE_FIELD_NUMBER));
    out.writeStringField("@type", url);
    Optional<DynamicMessage> content = content(url, bytes);
    if (content.isPresent()) {
      fields(out, content.get());
    } else {
      // Of a newer version; what it holds is of no use to us, but perhaps to the reader.
      out.writeStringField("value", Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
  }

  private static Optional<DynamicMessage> content(String url, ByteString bytes) {
    Optional<Descriptor> known = Schema.get().message(url.substring(url.lastIndexOf('/') + 1));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(DynamicMessage.parseFrom(known.get(), bytes));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }
}
