package org.odap.ledger.fabric.assets;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What chaincodes answer: JSON, where they keep to the contract. */
public final class Answers {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private Answers() {}

  /** The JSON of an answer; empty where it is none. */
  public static Optional<JsonNode> parse(String text) {
    try {
      return Optional.of(JSON.readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** The JSON of an answer; empty where it is none. */
  public static Optional<JsonNode> parse(byte[] text) {
    return parse(new String(text, StandardCharsets.UTF_8));
  }

  /** An answer as JSON text, whatever it is: what is no JSON becomes a JSON string. */
  public static String asJson(String text) {
    return parse(text).isPresent() ? text : JSON.getNodeFactory().textNode(text).toString();
  }

  /**
   * An argument as a chaincode takes it: functions have texts for arguments, so the text of a JSON
   * string goes in without its quotes.
   */
  public static String asArgument(String json) {
    return parse(json).filter(JsonNode::isTextual).map(JsonNode::textValue).orElse(json);
  }
}
