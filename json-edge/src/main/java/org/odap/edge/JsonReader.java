package org.odap.edge;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.odap.runtime.rpc.OdapException;

/**
 * A message out of JSON, by the protobuf JSON mapping but for what that lets pass: unknown fields,
 * fields given twice, numbers that lose digits, text that is no Unicode.
 *
 * <p>Used once, by one thread.
 */
final class JsonReader {
  /** Deeper than any message of ours, and far from the end of a stack. */
  static final int DEPTH_MAX = 64;

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(
                  StreamReadConstraints.builder()
                      .maxNestingDepth(DEPTH_MAX)
                      .maxNumberLength(100)
                      .maxStringLength(Integer.MAX_VALUE)
                      .build())
              .build());
  private static final String TYPE = "@type";

  private final StringBuilder path = new StringBuilder();
  private JsonParser in;

  private JsonReader(JsonParser in) {
    this.in = in;
  }

  /** Reads a whole text, one object, into a message. */
  static void read(byte[] json, Message.Builder into) {
    read(text(json), into);
  }

  /** Reads a whole text, one object, into a message. */
  static void read(String json, Message.Builder into) {
    try (JsonParser parser = MAPPER.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw Mistakes.malformed("no JSON object (expected: {\"field\": value, ...})");
      }
      new JsonReader(parser).message(into);
      if (parser.nextToken() != null) {
        throw Mistakes.malformed("something after the end of the JSON object");
      }
    } catch (StreamConstraintsException e) {
      throw Mistakes.malformed(
          "JSON beyond the limits (expected: at most " + DEPTH_MAX + " levels)");
    } catch (IOException e) {
      // The parser's own words repeat what was sent.
      throw Mistakes.malformed("malformed JSON" + place(e));
    }
  }

  private static String place(IOException e) {
    return e instanceof com.fasterxml.jackson.core.JsonProcessingException json
            && json.getLocation() != null
        ? " at line "
            + json.getLocation().getLineNr()
            + ", column "
            + json.getLocation().getColumnNr()
        : "";
  }

  private static String text(byte[] json) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(json))
          .toString();
    } catch (CharacterCodingException e) {
      throw Mistakes.malformed("not UTF-8");
    }
  }

  /** The parser stands at the object's start, and afterwards at its end. */
  private void message(Message.Builder into) throws IOException {
    if (into.getDescriptorForType().getFullName().equals("google.protobuf.Any")) {
      any(into);
      return;
    }
    fields(into, new HashSet<>());
  }

  private void fields(Message.Builder into, Set<FieldDescriptor> seen) throws IOException {
    Descriptor type = into.getDescriptorForType();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      int before = enter(name);
      FieldDescriptor field =
          FieldNames.find(type, name).orElseThrow(() -> Mistakes.unknown(path.toString()));
      if (!seen.add(field)) {
        throw Mistakes.doubled(path.toString());
      }
      in.nextToken();
      // By the mapping null is a field that is not given.
      if (in.currentToken() != JsonToken.VALUE_NULL) {
        field(into, field);
      }
      path.setLength(before);
    }
  }

  private void field(Message.Builder into, FieldDescriptor field) throws IOException {
    if (field.isMapField()) {
      map(into, field);
    } else if (field.isRepeated()) {
      list(into, field);
    } else {
      OneofDescriptor oneof = field.getRealContainingOneof();
      if (oneof != null && into.hasOneof(oneof)) {
        throw Mistakes.invalid(
            path.toString(), "beside another of " + oneof.getName() + " (expected: one of them)");
      }
      into.setField(field, value(into, field));
    }
  }

  private void list(Message.Builder into, FieldDescriptor field) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw Mistakes.invalid(path.toString(), kind() + " (expected: a list)");
    }
    int index = 0;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      int before = path.length();
      path.append('[').append(index++).append(']');
      into.addRepeatedField(field, value(into, field));
      path.setLength(before);
    }
  }

  private void map(Message.Builder into, FieldDescriptor field) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw Mistakes.invalid(path.toString(), kind() + " (expected: an object)");
    }
    FieldDescriptor key = field.getMessageType().findFieldByName("key");
    FieldDescriptor value = field.getMessageType().findFieldByName("value");
    Set<String> seen = new HashSet<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      int before = enter(name);
      if (!seen.add(name)) {
        throw Mistakes.doubled(path.toString());
      }
      in.nextToken();
      Message.Builder entry = into.newBuilderForField(field);
      entry.setField(key, ScalarText.ofWord(key, name, path.toString()));
      entry.setField(value, value(entry, value));
      into.addRepeatedField(field, entry.build());
      path.setLength(before);
    }
  }

  /** One value; null is none. */
  private Object value(Message.Builder parent, FieldDescriptor field) throws IOException {
    String at = path.toString();
    return switch (in.currentToken()) {
      case START_OBJECT -> {
        if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
          throw ScalarText.wrongKind(field, kind(), at);
        }
        Message.Builder message = parent.newBuilderForField(field);
        message(message);
        yield message.build();
      }
      case VALUE_STRING -> ScalarText.ofText(field, in.getText(), at);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> ScalarText.ofNumber(field, in.getText(), at);
      case VALUE_TRUE, VALUE_FALSE -> {
        if (field.getType() != FieldDescriptor.Type.BOOL) {
          throw ScalarText.wrongKind(field, kind(), at);
        }
        yield in.getBooleanValue();
      }
      default -> throw ScalarText.wrongKind(field, kind(), at);
    };
  }

  /** {@code {"@type": "type.googleapis.com/...", fields of that message}}, in any order. */
  private void any(Message.Builder into) throws IOException {
    TokenBuffer content = new TokenBuffer(in);
    content.copyCurrentStructure(in);
    String url = typeUrl(content);
    Descriptor type =
        Schema.get()
            .message(url.substring(url.lastIndexOf('/') + 1))
            .orElseThrow(() ->
                Mistakes.invalid(
                    path + "." + TYPE,
                    "value: " + Mistakes.shown(url) + " (expected: a message of this version)"));
    DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
    JsonParser outer = in;
    try (JsonParser inner = content.asParser()) {
      in = inner;
      in.nextToken();
      withoutType(message);
    } finally {
      in = outer;
    }
    FieldDescriptor typeUrl =
        into.getDescriptorForType().findFieldByNumber(Any.TYPE_URL_FIELD_NUMBER);
    FieldDescriptor value = into.getDescriptorForType().findFieldByNumber(Any.VALUE_FIELD_NUMBER);
    ByteString bytes = message.build().toByteString();
    into.setField(typeUrl, url).setField(value, bytes);
  }

  private String typeUrl(TokenBuffer content) throws IOException {
    String url = "";
    try (JsonParser look = content.asParser()) {
      look.nextToken();
      while (look.nextToken() != JsonToken.END_OBJECT) {
        boolean isType = look.currentName().equals(TYPE);
        look.nextToken();
        if (isType && !url.isEmpty()) {
          throw Mistakes.doubled(path + "." + TYPE);
        }
        if (isType && look.currentToken() == JsonToken.VALUE_STRING) {
          url = look.getText();
        }
        look.skipChildren();
      }
    }
    // One spelling: the type's name is in hashes.
    if (!url.startsWith("type.googleapis.com/") || url.indexOf('/', 20) >= 0) {
      throw Mistakes.invalid(
          path + "." + TYPE,
          "missing or malformed (expected: type.googleapis.com/ and a message's name)");
    }
    return url;
  }

  private void withoutType(DynamicMessage.Builder message) throws IOException {
    TokenBuffer rest = new TokenBuffer(in);
    rest.writeStartObject();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      if (name.equals(TYPE)) {
        in.skipChildren();
      } else {
        rest.writeFieldName(name);
        rest.copyCurrentStructure(in);
      }
    }
    rest.writeEndObject();
    JsonParser outer = in;
    try (JsonParser inner = rest.asParser()) {
      in = inner;
      in.nextToken();
      message(message);
    } finally {
      in = outer;
    }
  }

  private int enter(String name) {
    int before = path.length();
    if (before > 0) {
      path.append('.');
    }
    path.append(Mistakes.shown(name));
    return before;
  }

  private String kind() {
    return switch (in.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "nothing";
    };
  }

  /** As {@link #read(String, Message.Builder)}, for a text that stands in the place of a field. */
  static void read(String json, Message.Builder into, String path) {
    try {
      read(json, into);
    } catch (OdapException e) {
      throw e.fieldViolations().isEmpty()
          ? Mistakes.invalid(path, e.description())
          : new OdapException(
              e.reason(),
              path + "." + e.description(),
              e.fieldViolations().stream()
                  .map(v ->
                      new org.odap.runtime.rpc.FieldViolation(
                          path + "." + v.field(), v.description()))
                  .toList(),
              e);
    }
  }
}
