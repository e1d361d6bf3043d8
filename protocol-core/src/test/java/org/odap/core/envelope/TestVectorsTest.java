package org.odap.core.envelope;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogHead;
import org.odap.core.log.PhasedPayload;

/**
 * The files in docs/test-vectors are what this code makes, and what they say of themselves is true:
 * another implementation can hold itself against them. {@code -Dodap.rewrite=true} writes them
 * anew.
 */
class TestVectorsTest {
  private static final Path FOLDER = Path.of(System.getProperty("odap.root"), "docs/test-vectors");
  private static final boolean REWRITE = Boolean.getBoolean("odap.rewrite");

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final JsonFormat.TypeRegistry TYPES =
      JsonFormat.TypeRegistry.newBuilder().add(OdapTypes.all().toList()).build();

  @Test
  void theKeysAreThoseOfTheTests() throws IOException {
    JsonObject keys = new JsonObject();
    keys.addProperty("note", "For tests only: these private keys are public.");
    keys.add("sender", key(TestKeys.SENDER));
    keys.add("recipient", key(TestKeys.RECIPIENT));
    assertThat(stored("keys.json", keys)).isEqualTo(keys);
  }

  @Test
  @Tag("ODAP-1")
  @Tag("ODAP-19")
  void theMessagesAreWhatTheySayTheyAre() throws IOException {
    JsonArray made = new JsonArray();
    for (MessageType type : MessageType.values()) {
      made.add(vector(Messages.of(type)));
    }
    JsonArray stored = stored("messages.json", made).getAsJsonArray();
    assertThat(stored).isEqualTo(made);
    for (JsonElement element : stored) {
      JsonObject vector = element.getAsJsonObject();
      OdapMessage message = parsed(vector);
      assertThat(message.canonicalBytes())
          .asString(UTF_8)
          .isEqualTo(vector.get("canonical").getAsString());
      assertThat(message.hash()).isEqualTo(vector.get("hash").getAsString());
      assertThat(message.payloadHash()).isEqualTo(message.envelope().getPayloadHash());
      boolean bySender = vector.get("signed_by").getAsString().equals("sender");
      String key = (bySender ? TestKeys.SENDER : TestKeys.RECIPIENT).publicKey();
      assertThat(MessageCheck.structure(message)).isEmpty();
      assertThat(MessageCheck.signature(message, key)).isEmpty();
    }
  }

  @Test
  @Tag("2PC-2")
  void theLogIsWhatItSaysItIs() throws IOException {
    JsonArray made = new JsonArray();
    for (LogEntry entry : log()) {
      JsonObject vector = new JsonObject();
      vector.add("entry", json(entry));
      vector.addProperty("canonical_payload", canonical(entry.getPayload()));
      vector.addProperty(
          "canonical_entry",
          canonical(
              entry.toBuilder()
                  .clearPayload()
                  .clearLogEntryHash()
                  .clearMessageSignature()
                  .build()));
      made.add(vector);
    }
    JsonArray stored = stored("log.json", made).getAsJsonArray();
    assertThat(stored).isEqualTo(made);

    List<LogEntry> entries = new ArrayList<>();
    for (JsonElement element : stored) {
      JsonObject vector = element.getAsJsonObject();
      LogEntry.Builder builder = LogEntry.newBuilder();
      merge(vector.get("entry"), builder);
      LogEntry entry = builder.build();
      assertThat(Hash.of(vector.get("canonical_payload").getAsString().getBytes(UTF_8)))
          .isEqualTo(entry.getPayloadHash());
      assertThat(Hash.of(vector.get("canonical_entry").getAsString().getBytes(UTF_8)))
          .isEqualTo(entry.getLogEntryHash());
      entries.add(entry);
    }
    assertThat(LogEntries.verify(entries, Set.of(TestKeys.RECIPIENT.publicKey()))).isEmpty();
  }

  private static JsonObject key(TestKeys.TestSigner signer) {
    JsonObject key = new JsonObject();
    key.addProperty("curve", "P-256");
    key.addProperty("public_key", signer.publicKey());
    key.addProperty("private_scalar", signer.secret());
    return key;
  }

  private static JsonObject vector(OdapMessage message) {
    JsonObject vector = new JsonObject();
    vector.addProperty("type", message.type().descriptor().getFullName());
    vector.addProperty("signed_by", message.type().request() ? "sender" : "recipient");
    vector.add("message", json(message.protobuf()));
    vector.addProperty("canonical", new String(message.canonicalBytes(), UTF_8));
    vector.addProperty("hash", message.hash());
    return vector;
  }

  private static OdapMessage parsed(JsonObject vector) {
    String name = vector.get("type").getAsString();
    Message.Builder builder = MessageType.named(name).orElseThrow().prototype().newBuilderForType();
    merge(vector.get("message"), builder);
    return OdapMessage.of(builder.build());
  }

  /** Two appends, as a recipient gateway makes them; only the last entry of each is signed. */
  private static List<LogEntry> log() {
    List<PhasedPayload> payloads = new ArrayList<>();
    for (int i = 2; i < 6; i++) {
      payloads.add(Messages.received(i - 1, Messages.session().get(i)));
    }
    List<LogEntry> log = new ArrayList<>();
    log.addAll(
        LogEntries.seal(
            Messages.frame(), LogHead.EMPTY, payloads.subList(0, 2), TestKeys.RECIPIENT));
    log.addAll(
        LogEntries.seal(
            Messages.frame(), LogEntries.head(log), payloads.subList(2, 4), TestKeys.RECIPIENT));
    return log;
  }

  private static String canonical(Message message) {
    return new String(CanonicalJson.of(message), UTF_8);
  }

  private static JsonElement json(Message message) {
    try {
      return JsonParser.parseString(JsonFormat.printer().usingTypeRegistry(TYPES).print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void merge(JsonElement json, Message.Builder into) {
    try {
      JsonFormat.parser().usingTypeRegistry(TYPES).merge(json.toString(), into);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonElement stored(String name, JsonElement made) throws IOException {
    Path file = FOLDER.resolve(name);
    if (REWRITE) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, GSON.toJson(made) + "\n");
    }
    return JsonParser.parseString(Files.readString(file));
  }
}
