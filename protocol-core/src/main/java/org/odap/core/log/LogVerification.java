package org.odap.core.log;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_CORRUPT;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_SIGNATURE_INVALID;

import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Es256;
import org.odap.core.envelope.Hash;
import org.odap.core.refusal.Refusal;

/** The check of a whole log, entry by entry (recovery-01 5). */
final class LogVerification {
  private LogVerification() {}

  static Optional<Refusal> verify(List<LogEntry> entries, String publicKey) {
    LogHead head = LogHead.EMPTY;
    for (LogEntry entry : entries) {
      Optional<Refusal> refusal = verifyNext(entry, head, publicKey);
      if (refusal.isPresent()) {
        return refusal;
      }
      head = new LogHead(entry.getSeqNumber(), entry.getLogEntryHash());
    }
    if (!entries.isEmpty() && entries.getLast().getMessageSignature().isEmpty()) {
      return refuse(
          ERROR_REASON_SIGNATURE_INVALID,
          head.length(),
          "messageSignature",
          "no signature covers the last entries");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> verifyNext(LogEntry entry, LogHead head, String publicKey) {
    int index = head.length() + 1;
    if (entry.getSeqNumber() != index) {
      return refuse(
          ERROR_REASON_LOG_NOT_CONTINUED,
          index,
          "seqNumber",
          entry.getSeqNumber() + " (expected: " + index + ")");
    }
    if (!entry.getLastEntryHash().equals(head.hash())) {
      return refuse(
          ERROR_REASON_LOG_NOT_CONTINUED,
          index,
          "lastEntryHash",
          "not the hash of the entry before");
    }
    if (!entry.getPayloadHash().equals(Hash.of(CanonicalJson.of(entry.getPayload())))) {
      return refuse(ERROR_REASON_LOG_CORRUPT, index, "payloadHash", "not the hash of the payload");
    }
    if (!entry.getLogEntryHash().equals(LogEntries.hash(entry))) {
      return refuse(ERROR_REASON_LOG_CORRUPT, index, "logEntryHash", "not the hash of the entry");
    }
    return verifySignature(entry, publicKey);
  }

  private static Optional<Refusal> verifySignature(LogEntry entry, String publicKey) {
    String signature = entry.getMessageSignature();
    if (!signature.isEmpty()
        && !Es256.verify(publicKey, Hash.bytes(entry.getLogEntryHash()), signature)) {
      return refuse(
          ERROR_REASON_SIGNATURE_INVALID,
          entry.getSeqNumber(),
          "messageSignature",
          "the signature does not verify under the gateway's key");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refuse(
      ErrorReason reason, int index, String field, String description) {
    return Optional.of(new Refusal(reason, field, "entry " + index + ": " + description));
  }
}
