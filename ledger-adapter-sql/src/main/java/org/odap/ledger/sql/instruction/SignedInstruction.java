package org.odap.ledger.sql.instruction;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import java.util.Base64;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.runtime.ledger.References;

/**
 * What an account holder tells the ledger (ODAP 5.12): a JSON object {@code {"payload": base64url
 * of JSON text, "signature": ES256 over that text, base64url}}. The payload names ledger, account,
 * action and a nonce that makes it different from every other.
 *
 * @param id hash of the payload. Not of the whole: a signature can be altered without becoming
 *     wrong.
 */
record SignedInstruction(String id, ByteString payload, ByteString signature, JsonNode members) {
  private static final int NONCE_MAX = 128;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static SignedInstruction parse(ByteString bytes, String dltSystem) {
    JsonNode outer = json(bytes);
    ByteString payload = base64url(outer, "payload");
    JsonNode members = json(payload);
    SignedInstruction instruction =
        new SignedInstruction(
            References.sha256(payload.toByteArray()),
            payload,
            base64url(outer, "signature"),
            members);
    if (!instruction.text("dlt_system").equals(dltSystem)) {
      throw malformed("dlt_system is not this ledger");
    }
    if (instruction.text("nonce").length() > NONCE_MAX) {
      throw malformed("nonce is longer than " + NONCE_MAX + " characters");
    }
    return instruction;
  }

  String payloadText() {
    return payload.toStringUtf8();
  }

  String signatureText() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(signature.toByteArray());
  }

  String text(String name) {
    JsonNode value = members.path(name);
    if (!value.isTextual() || value.asText().isEmpty()) {
      throw malformed(name + " is missing");
    }
    return value.asText();
  }

  /**
   * The asset that the instruction is about, as {@code asset_class} with {@code asset_id} or {@code
   * amount}.
   */
  Asset asset() {
    Asset.Builder asset = Asset.newBuilder().setAssetClass(text("asset_class"));
    boolean isUnique = members.has("asset_id");
    if (isUnique == members.has("amount")) {
      throw malformed("asset_id or amount, one of them");
    }
    String number = text(isUnique ? "asset_id" : "amount");
    if (!number.matches("0|[1-9][0-9]{0,77}") || (!isUnique && number.equals("0"))) {
      throw malformed("asset_id or amount: value: " + number + " (expected: decimal uint256)");
    }
    return isUnique
        ? asset.setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(number).build()
        : asset.setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount(number).build();
  }

  static RefusedException malformed(String description) {
    return new RefusedException(ErrorReason.ERROR_REASON_LEDGER_REFUSED, description);
  }

  private static JsonNode json(ByteString bytes) {
    try {
      JsonNode node = JSON.readTree(bytes.toStringUtf8());
      if (!node.isObject()) {
        throw malformed("not a JSON object");
      }
      return node;
    } catch (JsonProcessingException e) {
      throw malformed("not JSON");
    }
  }

  private static ByteString base64url(JsonNode node, String name) {
    try {
      return ByteString.copyFrom(Base64.getUrlDecoder().decode(node.path(name).asText()));
    } catch (IllegalArgumentException e) {
      throw malformed(name + " is not base64url");
    }
  }
}
