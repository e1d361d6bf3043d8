package org.odap.runtime.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * One of the JSON Schemas in docs/json-schemas (SD). What a reader here takes is what the schema
 * takes: JSON in which a member stands twice, or that goes on after its end, is refused first.
 */
public final class PublishedSchema {
  private static final int DEPTH_MAX = 64;

  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** What an asset is (ODAP 5.7). */
  public static final PublishedSchema ASSET_PROFILE = new PublishedSchema("asset-profile");

  /** Who sends and who gets an asset: travel-rule data (IVMS 101, ARCH 6). */
  public static final PublishedSchema TRAVEL_RULE = new PublishedSchema("ivms101");

  private final JsonSchema schema;

  private PublishedSchema(String name) {
    this.schema = read("/json-schemas/" + name + ".schema.json");
  }

  /**
   * What is wrong with a document.
   *
   * @param path where, as a JSON path; "$" is the document itself
   * @param rule the schema's keyword that is not obeyed, or "json"
   * @param description for a person; may repeat what the document holds
   */
  public record Mistake(String path, String rule, String description) {}

  /** What is wrong with a document; nothing when it obeys the schema. */
  public List<Mistake> mistakes(String document) {
    Optional<JsonNode> json;
    try {
      json = Optional.ofNullable(JSON.readTree(document)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException e) {
      return List.of(new Mistake("$", "json", e.getOriginalMessage()));
    }
    return json.map(node ->
            schema.validate(node).stream()
                .map(message ->
                    new Mistake(
                        message.getInstanceLocation().toString(),
                        message.getType(),
                        message.getMessage()))
                .toList())
        .orElse(List.of(new Mistake("$", "json", "empty")));
  }

  private static JsonSchema read(String resource) {
    try (InputStream in = PublishedSchema.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("not in the class path: " + resource);
      }
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(JSON.readTree(in));
    } catch (IOException e) {
      throw new IllegalStateException("a published schema can't be read: " + resource, e);
    }
  }
}
