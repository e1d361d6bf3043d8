package org.odap.core.envelope;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.RecoverUpdate;

/**
 * The JSON Schemas in docs/json-schemas are those of the messages, and examples obey them. {@code
 * -Dodap.rewrite=true} writes them anew.
 */
class JsonSchemasTest {
  private static final Path FOLDER = Path.of(System.getProperty("odap.root"), "docs/json-schemas");
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  @Test
  @Tag("2PC-2")
  @Tag("SD-3")
  void theSchemaOfLogEntriesIsPublished() throws IOException {
    JsonObject schema = JsonSchema.of(LogEntry.getDescriptor(), "Log entry of an ODAP gateway");
    assertThat(stored("log-entry.schema.json", schema)).isEqualTo(schema);
    RecoverUpdate update = Messages.of(MessageType.RECOVER_UPDATE).as(RecoverUpdate.class);
    update.getEntriesList().forEach(entry -> assertObeys(json(entry), schema, schema));
  }

  @Test
  @Tag("SD-3")
  void theSchemaOfAssetProfilesIsPublished() throws IOException {
    JsonObject schema = JsonSchema.of(AssetProfile.getDescriptor(), "ODAP asset profile");
    assertThat(stored("asset-profile.schema.json", schema)).isEqualTo(schema);
    assertObeys(json(Messages.assetProfile()), schema, schema);
  }

  /** As much of JSON Schema as the published files use, apart from bounds. */
  private static void assertObeys(JsonElement value, JsonObject schema, JsonObject root) {
    if (schema.has("$ref")) {
      String name = schema.get("$ref").getAsString().substring("#/$defs/".length());
      assertObeys(value, root.getAsJsonObject("$defs").getAsJsonObject(name), root);
      return;
    }
    switch (schema.get("type").getAsString()) {
      case "object" -> assertObjectObeys(value.getAsJsonObject(), schema, root);
      case "array" ->
          value
              .getAsJsonArray()
              .forEach(item -> assertObeys(item, schema.getAsJsonObject("items"), root));
      case "string" -> {
        assertThat(value.getAsJsonPrimitive().isString()).isTrue();
        if (schema.has("enum")) {
          assertThat(schema.getAsJsonArray("enum")).contains(value);
        }
      }
      case "integer" -> assertThat(value.getAsJsonPrimitive().isNumber()).isTrue();
      default -> assertThat(value.getAsJsonPrimitive().isBoolean()).isTrue();
    }
  }

  private static void assertObjectObeys(JsonObject value, JsonObject schema, JsonObject root) {
    if (schema.has("required")) {
      schema
          .getAsJsonArray("required")
          .forEach(name -> assertThat(value.keySet()).contains(name.getAsString()));
    }
    if (schema.has("properties")) {
      JsonObject properties = schema.getAsJsonObject("properties");
      for (Map.Entry<String, JsonElement> member : value.entrySet()) {
        assertThat(properties.keySet()).contains(member.getKey());
        assertObeys(member.getValue(), properties.getAsJsonObject(member.getKey()), root);
      }
    }
  }

  private static JsonElement json(Message message) {
    JsonFormat.TypeRegistry types =
        JsonFormat.TypeRegistry.newBuilder().add(OdapTypes.all().toList()).build();
    try {
      return JsonParser.parseString(JsonFormat.printer().usingTypeRegistry(types).print(message));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonElement stored(String name, JsonElement made) throws IOException {
    Path file = FOLDER.resolve(name);
    if (Boolean.getBoolean("odap.rewrite")) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, GSON.toJson(made) + "\n");
    }
    return JsonParser.parseString(Files.readString(file));
  }
}
