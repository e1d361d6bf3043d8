package org.odap.cli.evidence;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.core.envelope.MessageType;

/** What an exported file holds, for a person or a program. */
final class ExportText {
  private ExportText() {}

  static String line(EvidenceBundle bundle, Path file) {
    return bundle.getLogsList().stream()
        .map(log ->
            "%d entries and %d messages of the %s, %s"
                .formatted(log.getEntriesCount(), messages(log), log.getRole(), log.getGateway()))
        .collect(Collectors.joining("; ", file + ": ", ""));
  }

  static String json(EvidenceBundle bundle, Path file) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("file", file.toString());
    json.put("transfer_id", bundle.getTransferId());
    for (GatewayLog log : bundle.getLogsList()) {
      json.withArrayProperty("logs")
          .addObject()
          .put("role", log.getRole())
          .put("gateway", log.getGateway())
          .put("entries", log.getEntriesCount())
          .put("messages", messages(log));
    }
    return json.toString();
  }

  /** Entries that hold a message between gateways; the others record the gateway's own steps. */
  private static long messages(GatewayLog log) {
    return log.getEntriesList().stream()
        .map(entry -> entry.getPayload().getContent().getTypeUrl())
        .filter(type -> MessageType.named(type.substring(type.lastIndexOf('/') + 1)).isPresent())
        .count();
  }
}
