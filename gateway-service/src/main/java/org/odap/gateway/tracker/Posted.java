package org.odap.gateway.tracker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogPayload;

/**
 * What is posted of a log entry: what happened when, and the hashes that prove it later. No
 * accounts, assets, keys or names of persons leave the gateway this way.
 */
final class Posted {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Posted() {}

  static byte[] body(String gateway, String logId, LogEntry entry) {
    LogPayload payload = entry.getPayload();
    ObjectNode json =
        JSON.createObjectNode()
            .put("version", 1)
            .put("gateway", gateway)
            .put("transfer_id", entry.getSessionId())
            .put("role", logId.substring(logId.indexOf('/') + 1))
            .put("index", entry.getSeqNumber())
            .put("phase", entry.getOdapPhase())
            .put("step", payload.getStep())
            .put("command", payload.getMessage())
            .put("gateways", payload.getGateways())
            .put("recorded_at", Long.toString(payload.getRecordedAt()))
            .put("payload_hash", entry.getPayloadHash())
            .put("last_entry_hash", entry.getLastEntryHash())
            .put("log_entry_hash", entry.getLogEntryHash());
    try {
      return JSON.writeValueAsString(json).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts and numbers", e);
    }
  }
}
