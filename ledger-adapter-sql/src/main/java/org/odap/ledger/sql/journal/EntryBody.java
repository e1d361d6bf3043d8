package org.odap.ledger.sql.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LogAnchor;
import org.odap.runtime.ledger.References;

/**
 * What an entry of the journal says: the effect and all its parameters, nothing of when and by
 * whom. Its hash is the transaction id, so the same step with the same parameters, ordered in the
 * same place of the gateway's log, has the same id.
 *
 * @param key what may happen only once: a step of a transfer, or an operator's request
 * @param text JSON object, as it was hashed
 */
public record EntryBody(String key, String text) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOG_SEQ_NUMBER = "log_seq_number";
  private static final String LOG_ENTRY_HASH = "log_entry_hash";

  /** A step of a transfer; what it does is added by {@link Builder}. */
  public static Builder ofStep(String dltSystem, String transferId, LedgerStep step) {
    return new Builder(keyOfStep(transferId, step))
        .with("dlt_system", dltSystem)
        .with("transfer_id", transferId)
        .with("step", step.name());
  }

  /** An operator's request. */
  public static Builder ofRequest(String dltSystem, String requestId, String action) {
    return new Builder(keyOfRequest(requestId))
        .with("dlt_system", dltSystem)
        .with("request_id", requestId)
        .with("action", action);
  }

  /** An instruction signed by an account's holder, by the hash of what was signed. */
  public static Builder ofInstruction(String dltSystem, String id, String action) {
    return new Builder("native/" + id).with("dlt_system", dltSystem).with("action", action);
  }

  static EntryBody read(String key, String text) {
    return new EntryBody(key, text);
  }

  /** Key of a transfer's step. */
  public static String keyOfStep(String transferId, LedgerStep step) {
    return "transfer/" + transferId + "/" + step.name();
  }

  /** Key of an operator's request. */
  public static String keyOfRequest(String requestId) {
    return "request/" + requestId;
  }

  /** The ledger's transaction id. */
  public String transactionId() {
    return References.sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether another body has the same effect, whatever log it was ordered in. */
  public boolean hasEffectOf(EntryBody other) {
    return effect().equals(other.effect());
  }

  /** Where the step was ordered in the gateway's log, if that was said. */
  Optional<LogAnchor> anchor() {
    JsonNode members = members();
    return members.has(LOG_ENTRY_HASH)
        ? Optional.of(
            LogAnchor.newBuilder()
                .setSeqNumber(members.path(LOG_SEQ_NUMBER).asInt())
                .setLogEntryHash(members.path(LOG_ENTRY_HASH).asText())
                .build())
        : Optional.empty();
  }

  private JsonNode effect() {
    ObjectNode effect = (ObjectNode) members();
    return effect.without(List.of(LOG_SEQ_NUMBER, LOG_ENTRY_HASH));
  }

  /** The parameters by name. */
  JsonNode members() {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body of a journal entry is not JSON", e);
    }
  }

  /** Puts a body together; the members' order is the order of the calls. */
  public static final class Builder {
    private final String key;
    private final ObjectNode members = JSON.createObjectNode();

    private Builder(String key) {
      this.key = key;
    }

    /** Adds a member. */
    public Builder with(String name, String value) {
      members.put(name, value);
      return this;
    }

    /** Adds a member that is a number. */
    public Builder with(String name, long value) {
      members.put(name, value);
      return this;
    }

    /** Adds members that are texts. */
    public Builder with(Map<String, String> values) {
      values.forEach(members::put);
      return this;
    }

    /** Adds where the step was ordered in the gateway's log. */
    public Builder with(LogAnchor anchor) {
      members.put(LOG_SEQ_NUMBER, anchor.getSeqNumber());
      members.put(LOG_ENTRY_HASH, anchor.getLogEntryHash());
      return this;
    }

    /** Adds the asset and the account that the effect is about. */
    public Builder with(Asset asset, String account) {
      members.put("asset_class", asset.getAssetClass());
      if (asset.getKind() == AssetKind.ASSET_KIND_UNIQUE) {
        members.put("asset_id", asset.getAssetId());
      } else {
        members.put("amount", asset.getAmount());
      }
      members.put("account", account);
      return this;
    }

    /** What may happen only once. */
    public String key() {
      return key;
    }

    /** The body. */
    public EntryBody build() {
      return new EntryBody(key, members.toString());
    }
  }
}
