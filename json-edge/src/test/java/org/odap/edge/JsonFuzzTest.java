package org.odap.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.client.v1.PerformActionRequest;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.client.v1.WatchTransferResponse;
import org.odap.api.log.v1.UpdateLogRequest;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.RecoverUpdate;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.runtime.rpc.OdapException;

/**
 * Messages made at random go there and back unchanged, as protobuf's own printer and parser see
 * them; texts that were spoiled are read or refused, and nothing else. The seed is printed.
 */
class JsonFuzzTest {
  private static final int MESSAGES = 3_000;
  private static final int SPOILED = 60_000;
  private static final int QUERIES = 60_000;
  private static final List<Message> TYPES =
      List.of(
          StartTransferRequest.getDefaultInstance(),
          PerformActionRequest.getDefaultInstance(),
          WatchTransferResponse.getDefaultInstance(),
          UpdateLogRequest.getDefaultInstance(),
          InitializationRequest.getDefaultInstance(),
          TransferCommence.getDefaultInstance(),
          RecoverUpdate.getDefaultInstance());
  private static final JsonFormat.TypeRegistry REGISTRY =
      JsonFormat.TypeRegistry.newBuilder()
          .add(TransferCommence.getDescriptor())
          .add(StartTransferRequest.getDescriptor())
          .build();
  private static final String SPOILS = "{}[]\",:\\0123456789.eE+-truefalsn ul@_\u0000\u00e9\ud83d";

  private final long seed = Long.getLong("odap.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private Message message(Message type, int depth) {
    Message.Builder builder = type.newBuilderForType();
    for (FieldDescriptor field : type.getDescriptorForType().getFields()) {
      if (random.nextInt(3) == 0 || field.isMapField()) {
        continue;
      }
      boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      if (isMessage && depth > 4) {
        continue;
      }
      if (field.isRepeated()) {
        for (int i = random.nextInt(3); i > 0; i--) {
          builder.addRepeatedField(field, value(builder, field, depth));
        }
      } else {
        builder.setField(field, value(builder, field, depth));
      }
    }
    return builder.build();
  }

  private Object value(Message.Builder parent, FieldDescriptor field, int depth) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt(4) == 0 ? (int) end(Integer.MIN_VALUE) : random.nextInt();
      case LONG -> random.nextInt(4) == 0 ? end(Long.MIN_VALUE) : random.nextLong();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> text();
      case BYTE_STRING -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield ByteString.copyFrom(bytes);
      }
      case ENUM ->
          field
              .getEnumType()
              .getValues()
              .get(random.nextInt(field.getEnumType().getValues().size()));
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case MESSAGE -> {
        Message type = parent.newBuilderForField(field).build();
        yield type instanceof Any
            ? Any.pack(message(TransferCommence.getDefaultInstance(), depth + 1))
            : message(type, depth + 1);
      }
    };
  }

  /** A number at one of the ends of its type, signed or not. */
  private long end(long min) {
    return List.of(min, -1 - min, -1L, 0L, 1L).get(random.nextInt(5));
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int c = random.nextInt(5) == 0 ? random.nextInt(0x10ffff) : 32 + random.nextInt(95);
      text.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 'x' : c);
    }
    return text.toString();
  }

  private Message any() {
    return message(TYPES.get(random.nextInt(TYPES.size())), 0);
  }

  @Test
  @Tag("CARD-4")
  void aMessageGoesThereAndBackAsProtobufDoesIt() throws Exception {
    for (int i = 0; i < MESSAGES; i++) {
      Message message = any();
      byte[] written = JsonWriter.write(message);
      Message.Builder read = message.newBuilderForType();
      JsonReader.read(written, read);
      assertThat(read.build()).as("seed %d", seed).isEqualTo(message);

      String theirs = JsonFormat.printer().usingTypeRegistry(REGISTRY).print(message);
      Message.Builder ofTheirs = message.newBuilderForType();
      JsonReader.read(theirs, ofTheirs);
      assertThat(ofTheirs.build()).as("seed %d", seed).isEqualTo(message);

      Message.Builder theirReading = message.newBuilderForType();
      JsonFormat.parser()
          .usingTypeRegistry(REGISTRY)
          .merge(new String(written, StandardCharsets.UTF_8), theirReading);
      assertThat(theirReading.build()).as("seed %d", seed).isEqualTo(message);
    }
    System.out.println("messages there and back: " + MESSAGES + ", seed " + seed);
  }

  @Test
  @Tag("CARD-4")
  void aSpoiledTextIsReadOrRefused() {
    int refused = 0;
    for (int i = 0; i < SPOILED; i++) {
      Message message = any();
      byte[] spoiled = spoiled(JsonWriter.write(message));
      Message.Builder into = message.newBuilderForType();
      try {
        JsonReader.read(spoiled, into);
        // What was read is a message: it can be written, and read again.
        Message.Builder again = message.newBuilderForType();
        JsonReader.read(JsonWriter.write(into.build()), again);
        assertThat(again.build()).as("seed %d", seed).isEqualTo(into.build());
      } catch (OdapException e) {
        refused++;
      }
    }
    System.out.println("spoiled texts: " + SPOILED + ", refused " + refused + ", seed " + seed);
    assertThat(refused).isGreaterThan(SPOILED / 3);
  }

  private byte[] spoiled(byte[] json) {
    StringBuilder text = new StringBuilder(new String(json, StandardCharsets.UTF_8));
    for (int i = 1 + random.nextInt(4); i > 0 && !text.isEmpty(); i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, SPOILS.charAt(random.nextInt(SPOILS.length())));
        case 2 -> text.setCharAt(at, SPOILS.charAt(random.nextInt(SPOILS.length())));
        default ->
            text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(40))));
      }
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(10) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return bytes;
  }

  @Test
  @Tag("CARD-4")
  void aQueryIsReadOrRefused() {
    List<String> names =
        List.of(
            "request_id",
            "asset",
            "asset.amount",
            "asset.amount.x",
            "asset.",
            ".",
            "",
            "entries",
            "entries.0.seqNumber",
            "entries.1.payload.step",
            "entries.0.payload.content",
            "entries.99999999999.x",
            "entries.-1.x",
            "envelope.version.major",
            "applicationProfile.parameters.X-Tracker_URL",
            "applicationProfile.parameters",
            "arguments",
            "nativeTransaction",
            "lockExpiry",
            "action",
            "entries.0");
    int refused = 0;
    for (int i = 0; i < QUERIES; i++) {
      Message.Builder into = TYPES.get(random.nextInt(TYPES.size())).newBuilderForType();
      StringBuilder query = new StringBuilder();
      for (int n = random.nextInt(5); n >= 0; n--) {
        query
            .append(query.isEmpty() ? "" : "&")
            .append(names.get(random.nextInt(names.size())))
            .append(random.nextInt(20) == 0 ? "" : "=")
            .append(word());
      }
      try {
        QueryReader reader = new QueryReader(into);
        Percent.query(query.toString()).forEach(one -> reader.set(one.name(), one.value()));
        assertThat(JsonWriter.write(into.build())).isNotEmpty();
      } catch (OdapException e) {
        refused++;
      }
    }
    System.out.println("queries: " + QUERIES + ", refused " + refused + ", seed " + seed);
    assertThat(refused).isGreaterThan(QUERIES / 3).isLessThan(QUERIES);
  }

  /** Every field there is, however deep, at the ends of its numbers, in any spelling. */
  @Test
  @Tag("CARD-4")
  @Tag("ODAP-18")
  void aMessageGoesThereInAQuery() {
    for (int i = 0; i < MESSAGES; i++) {
      Message message = any();
      assertThat(read(message, Percent.query(query(message))))
          .as("seed %d", seed)
          .isEqualTo(message);
    }
    System.out.println("messages in queries: " + MESSAGES + ", seed " + seed);
  }

  @Test
  @Tag("CARD-4")
  @Tag("ODAP-18")
  void aSpoiledQueryOfTheSchemaIsReadOrRefused() {
    int refused = 0;
    for (int i = 0; i < QUERIES / 3; i++) {
      Message message = any();
      String spoiled =
          new String(
              spoiled(query(message).getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
      try {
        Message read = read(message, Percent.query(spoiled));
        assertThat(JsonWriter.write(read)).isNotEmpty();
      } catch (OdapException e) {
        refused++;
      }
    }
    System.out.println(
        "spoiled queries: " + QUERIES / 3 + ", refused " + refused + ", seed " + seed);
    assertThat(refused).isGreaterThan(QUERIES / 30).isLessThan(QUERIES / 3);
  }

  private static Message read(Message type, List<Percent.Parameter> parameters) {
    Message.Builder into = type.newBuilderForType();
    QueryReader reader = new QueryReader(into);
    parameters.forEach(one -> reader.set(one.name(), one.value()));
    return into.build();
  }

  private String query(Message message) {
    List<String> parameters = new ArrayList<>();
    parameters(message, "", parameters);
    return String.join("&", parameters);
  }

  private void parameters(Message message, String before, List<String> parameters) {
    message
        .getAllFields()
        .forEach((field, value) -> {
          String name = before + (random.nextBoolean() ? field.getJsonName() : field.getName());
          boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
          if (field.isRepeated() && isMessage) {
            List<?> elements = (List<?>) value;
            for (int i = 0; i < elements.size(); i++) {
              part((Message) elements.get(i), name, name + "." + i, parameters);
            }
          } else if (field.isRepeated()) {
            ((List<?>) value)
                .forEach(one -> parameters.add(encoded(name) + "=" + word(field, one)));
          } else if (isMessage) {
            part((Message) value, name, name, parameters);
          } else {
            parameters.add(encoded(name) + "=" + word(field, value));
          }
        });
  }

  /** A message by its fields, or as its JSON: one without fields only so. */
  private void part(Message part, String whole, String path, List<String> parameters) {
    boolean isAny = part.getDescriptorForType().getFullName().equals("google.protobuf.Any");
    if (isAny || part.getAllFields().isEmpty() || random.nextInt(8) == 0) {
      String json = new String(JsonWriter.write(part), StandardCharsets.UTF_8);
      parameters.add(encoded(whole) + "=" + encoded(json));
    } else {
      parameters(part, path + ".", parameters);
    }
  }

  private String word(FieldDescriptor field, Object value) {
    return encoded(
        switch (field.getType()) {
          case UINT32, FIXED32 -> Integer.toUnsignedString((Integer) value);
          case UINT64, FIXED64 -> Long.toUnsignedString((Long) value);
          case BYTES -> Base64.getEncoder().encodeToString(((ByteString) value).toByteArray());
          case ENUM -> ((EnumValueDescriptor) value).getName();
          default -> value.toString();
        });
  }

  /** What must be encoded is, and some of what need not be. */
  private String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      boolean isPlain = (one > 0 && Character.isLetterOrDigit(one)) || one == '.' || one == '_';
      encoded.append(
          isPlain && random.nextInt(10) > 0
              ? Character.toString(one)
              : String.format("%%%02" + (random.nextBoolean() ? "x" : "X"), one));
    }
    return encoded.toString();
  }

  private String word() {
    return switch (random.nextInt(6)) {
      case 0 -> Long.toString(random.nextLong());
      case 1 -> "%7B%22@type%22:%22" + random.nextInt() + "%22%7D";
      case 2 -> "%7B%7D";
      case 3 -> "%" + (char) (33 + random.nextInt(90)) + random.nextInt(10);
      case 4 -> "1";
      default -> text().replace("&", "").replace("%", "%25");
    };
  }
}
