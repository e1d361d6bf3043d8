package org.odap.core.evidence;

import java.util.ArrayList;
import java.util.List;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.log.LogEntries;

/** Whether a log is the gateway's own and unchanged: hashes, chain, signatures (recovery-01 5). */
final class LogChecks {
  private LogChecks() {}

  static List<Check> of(String transferId, List<GatewayRecord> records) {
    List<Check> checks = new ArrayList<>();
    for (GatewayRecord record : records) {
      checks.add(chained(record));
      checks.add(framed(transferId, record));
    }
    return checks;
  }

  private static Check chained(GatewayRecord record) {
    List<Finding> findings = new ArrayList<>(record.unreadable());
    try {
      LogEntries.verify(record.entries(), record.publicKeys())
          .ifPresent(refusal -> findings.add(Finding.about(record.role(), refusal.description())));
    } catch (IllegalArgumentException malformed) {
      findings.add(Finding.about(record.role(), "it can't be hashed: " + malformed.getMessage()));
    }
    return new Check(
        "The log of the %s gateway: %d entries, each hashed into the next, signed by %s"
            .formatted(record.role(), record.entries().size(), record.gateway()),
        findings);
  }

  private static Check framed(String transferId, GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    for (LogEntry entry : record.entries()) {
      int index = entry.getSeqNumber();
      expect(record, index, "session", transferId, entry.getSessionId(), findings);
      String senderKey = entry.getSourceGatewayPubkey();
      expect(record, index, "sender's key", record.senderKey(), senderKey, findings);
      String recipientKey = entry.getRecipientGatewayPubkey();
      expect(record, index, "recipient's key", record.recipientKey(), recipientKey, findings);
      String own = record.sender() ? entry.getSourceGatewayUid() : entry.getRecipientGatewayUid();
      if (!own.isEmpty()) {
        expect(record, index, "own identity", record.gateway(), own, findings);
      }
    }
    return new Check(
        "Every entry of the " + record.role() + "'s log speaks of this transfer and its gateways",
        findings);
  }

  private static void expect(
      GatewayRecord record,
      int index,
      String what,
      String expected,
      String actual,
      List<Finding> findings) {
    if (!expected.equals(actual)) {
      findings.add(
          new Finding(
              record.role(), index, what + ": " + actual + " (expected: " + expected + ")"));
    }
  }
}
