package org.odap.core.envelope;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.math.BigDecimal;
import java.util.TreeMap;

/** Messages as JSON values, and the canonical bytes of JSON that need not be a message. */
public final class PlainJson {
  private static final JsonFormat.TypeRegistry TYPES =
      JsonFormat.TypeRegistry.newBuilder().add(OdapTypes.all().toList()).build();

  private PlainJson() {}

  /** The message's JSON mapping. */
  public static JsonObject of(Message message) {
    try {
      return JsonParser.parseString(JsonFormat.printer().usingTypeRegistry(TYPES).print(message))
          .getAsJsonObject();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads the mapping; what the schemas do not know is refused. */
  public static void merge(JsonElement json, Message.Builder into)
      throws InvalidProtocolBufferException {
    JsonFormat.parser().usingTypeRegistry(TYPES).merge(json.toString(), into);
  }

  /** RFC 8785 of a JSON value whose numbers are whole. */
  public static byte[] canonical(JsonElement value) {
    JsonBuffer out = new JsonBuffer();
    write(value, out);
    return out.toByteArray();
  }

  private static void write(JsonElement value, JsonBuffer out) {
    switch (value) {
      case JsonObject object -> writeObject(object, out);
      case JsonArray array -> writeArray(array, out);
      case JsonPrimitive primitive when primitive.isString() -> out.string(primitive.getAsString());
      case JsonPrimitive primitive when primitive.isNumber() ->
          out.raw(new BigDecimal(primitive.getAsString()).toBigIntegerExact().toString());
      default -> out.raw(value.toString());
    }
  }

  private static void writeObject(JsonObject object, JsonBuffer out) {
    char before = '{';
    // A String's own order is that of UTF-16 code units.
    for (var member : new TreeMap<>(object.asMap()).entrySet()) {
      out.ascii(before);
      out.string(member.getKey());
      out.ascii(':');
      write(member.getValue(), out);
      before = ',';
    }
    if (before == '{') {
      out.ascii('{');
    }
    out.ascii('}');
  }

  private static void writeArray(JsonArray array, JsonBuffer out) {
    out.ascii('[');
    for (int i = 0; i < array.size(); i++) {
      if (i > 0) {
        out.ascii(',');
      }
      write(array.get(i), out);
    }
    out.ascii(']');
  }
}
