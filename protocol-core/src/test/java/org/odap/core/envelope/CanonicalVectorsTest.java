package org.odap.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.log.v1.LogEntry;

/**
 * JSON values of chance and their canonical text, for whoever writes RFC 8785 in another language
 * (docs/test-vectors). {@code -Dodap.rewrite=true} writes them anew.
 */
@Tag("CARD-2")
class CanonicalVectorsTest {
  private static final Path FILE =
      Path.of(System.getProperty("odap.root"), "docs/test-vectors/canonical.json");
  private static final int VALUES = 300;
  private static final int MESSAGES = 30;
  private static final int DEPTH_MAX = 4;
  private static final long WHOLE_MAX = (1L << 53) - 1;

  /** Where escapes, UTF-8's lengths and the order of UTF-16 change. */
  private static final int[] CHARACTERS = {
    0, 8, 9, 10, 12, 13, 0x1f, ' ', '"', '/', '0', '<', '=', '@', 'A', '\\', 'a', 0x7f, 0x80, 0xe9,
    0x7ff, 0x800, 0x2028, 0x2029, 0xd7ff, 0xe000, 0xfb33, 0xfeff, 0xffff, 0x10000, 0x1f600, 0x10ffff
  };

  /** Numbers in spellings that are not canonical. */
  private static final List<String> NUMBERS =
      List.of("-0", "-0.0", "1.0", "1e3", "10e-1", "9007199254740991");

  /** Read differently by different readers, or not to be written in UTF-8. */
  private static final List<String> WITHOUT_FORM =
      List.of(
          "1.5",
          "-0.5",
          "9007199254740992",
          "-9007199254740992",
          "1e400",
          "NaN",
          "\"\\ud800\"",
          "\"\\udc00\\ud800\"",
          "{\"\\udfff\":1}",
          "{\"a\":1,\"a\":1}",
          "[{\"a\":{\"b\":1,\"\\u0062\":2}}]",
          "{\"a\":1,}",
          "[01]",
          "'a'",
          "[1] 2",
          "");

  private static final Gson GSON =
      new GsonBuilder().serializeNulls().setPrettyPrinting().disableHtmlEscaping().create();
  private static final Gson ON_ONE_LINE = new GsonBuilder().serializeNulls().create();

  /** What is stored is canonical by the rules here: those of messages, and those of any JSON. */
  @Test
  void theFileIsWhatTheCodeMakes() throws IOException {
    JsonObject made = new JsonObject();
    JsonArray values = new JsonArray();
    Random random = new Random(8785);
    for (int i = 0; i < VALUES; i++) {
      JsonElement value = value(random, 0);
      values.add(vector(written(value, random), PlainJson.canonical(value)));
    }
    for (int i = 0; i < MESSAGES; i++) {
      var type = i % 2 == 0 ? AssetProfile.getDescriptor() : LogEntry.getDescriptor();
      var message = new RandomMessages(i).of(type);
      JsonObject json = PlainJson.of(message);
      assertThat(PlainJson.canonical(json)).isEqualTo(CanonicalJson.of(message));
      values.add(vector(written(json, random), CanonicalJson.of(message)));
    }
    for (String number : NUMBERS) {
      values.add(vector(number, PlainJson.canonical(JsonParser.parseString(number))));
    }
    made.add("values", values);
    JsonArray refused = new JsonArray();
    WITHOUT_FORM.forEach(refused::add);
    made.add("without_form", refused);
    if (Boolean.getBoolean("odap.rewrite")) {
      Files.writeString(FILE, GSON.toJson(made) + "\n");
    }
    assertThat(JsonParser.parseString(Files.readString(FILE))).isEqualTo(made);
  }

  @Test
  void aLoneSurrogateHasNoForm() {
    assertThatThrownBy(() -> PlainJson.canonical(new JsonPrimitive("\ud800")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static JsonObject vector(String json, byte[] canonical) {
    JsonObject vector = new JsonObject();
    vector.addProperty("json", json);
    vector.addProperty("canonical", new String(canonical, UTF_8));
    vector.addProperty("hash", Hash.of(canonical));
    return vector;
  }

  private static JsonElement value(Random random, int depth) {
    return switch (random.nextInt(depth < DEPTH_MAX ? 7 : 5)) {
      case 0 -> JsonNull.INSTANCE;
      case 1 -> new JsonPrimitive(random.nextBoolean());
      case 2 -> new JsonPrimitive(random.nextInt(-10, 10));
      case 3 -> new JsonPrimitive(random.nextLong(-WHOLE_MAX, WHOLE_MAX + 1));
      case 4 -> new JsonPrimitive(text(random));
      case 5 -> {
        JsonArray array = new JsonArray();
        for (int i = random.nextInt(5); i > 0; i--) {
          array.add(value(random, depth + 1));
        }
        yield array;
      }
      default -> {
        JsonObject object = new JsonObject();
        for (int i = random.nextInt(6); i > 0; i--) {
          object.add(text(random), value(random, depth + 1));
        }
        yield object;
      }
    };
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.appendCodePoint(CHARACTERS[random.nextInt(CHARACTERS.length)]);
    }
    return text.toString();
  }

  /** The value in one of its many spellings: white space, escapes that need not be. */
  private static String written(JsonElement value, Random random) {
    String json = (random.nextBoolean() ? GSON : ON_ONE_LINE).toJson(value);
    return random.nextBoolean() ? json : escaped(json);
  }

  private static String escaped(String json) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      text.append(c < 0x80 ? Character.toString(c) : String.format("\\u%04X", (int) c));
    }
    return text.toString();
  }
}
