package org.odap.core.log;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_UNKNOWN;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_CORRUPT;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_SIGNATURE_INVALID;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Es256;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.UnknownFields;
import org.odap.core.refusal.Refusal;

/** The check of a whole log, entry by entry (recovery-01 5). */
final class LogVerification {
  private LogVerification() {}

  static Optional<Refusal> verify(List<LogEntry> entries, Set<String> publicKeys) {
    LogHead head = LogHead.EMPTY;
    for (LogEntry entry : entries) {
      Optional<Refusal> refusal = verifyNext(entry, entries.getFirst(), head, publicKeys);
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
          "no signature covers the end of the log");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> verifyNext(
      LogEntry entry, LogEntry first, LogHead head, Set<String> publicKeys) {
    int index = head.length() + 1;
    return verifyPlace(entry, first, head, index)
        .or(() -> verifyContent(entry, index))
        .or(() -> verifyHash(entry, index))
        .or(() -> verifySignature(entry, index, publicKeys));
  }

  private static Optional<Refusal> verifyPlace(
      LogEntry entry, LogEntry first, LogHead head, int index) {
    if (entry.getSeqNumber() != index) {
      return refuse(
          ERROR_REASON_LOG_NOT_CONTINUED,
          index,
          "seqNumber",
          Integer.toUnsignedString(entry.getSeqNumber()) + " (expected: " + index + ")");
    }
    if (!entry.getLastEntryHash().equals(head.hash())) {
      return refuse(
          ERROR_REASON_LOG_NOT_CONTINUED,
          index,
          "lastEntryHash",
          "not the hash of the entry before");
    }
    boolean sameSession =
        entry.getSessionId().equals(first.getSessionId())
            && entry.getSourceGatewayPubkey().equals(first.getSourceGatewayPubkey())
            && entry.getRecipientGatewayPubkey().equals(first.getRecipientGatewayPubkey());
    return sameSession
        ? Optional.empty()
        : refuse(
            ERROR_REASON_LOG_NOT_CONTINUED,
            index,
            "sessionId",
            "another session or other gateways than in the first entry");
  }

  /**
   * An entry from a later version may hold what we can't read, when it says that we may skip it.
   */
  private static Optional<Refusal> verifyContent(LogEntry entry, int index) {
    String payloadHash;
    try {
      payloadHash = Hash.of(CanonicalJson.of(entry.getPayload()));
    } catch (IllegalArgumentException e) {
      return entry.getIgnorable()
          ? Optional.empty()
          : refuse(ERROR_REASON_FIELD_UNKNOWN, index, "payload", e.getMessage());
    }
    Optional<String> unknown = UnknownFields.find(entry.getPayload());
    if (unknown.isPresent()) {
      return refuse(ERROR_REASON_FIELD_UNKNOWN, index, "payload", "holds a field not known here");
    }
    return entry.getPayloadHash().equals(payloadHash)
        ? Optional.empty()
        : refuse(ERROR_REASON_LOG_CORRUPT, index, "payloadHash", "not the hash of the payload");
  }

  private static Optional<Refusal> verifyHash(LogEntry entry, int index) {
    if (!entry.getUnknownFields().isEmpty()) {
      return refuse(ERROR_REASON_FIELD_UNKNOWN, index, "", "holds a field not known here");
    }
    return entry.getLogEntryHash().equals(LogEntries.hash(entry))
        ? Optional.empty()
        : refuse(ERROR_REASON_LOG_CORRUPT, index, "logEntryHash", "not the hash of the entry");
  }

  private static Optional<Refusal> verifySignature(
      LogEntry entry, int index, Set<String> publicKeys) {
    String signature = entry.getMessageSignature();
    boolean right =
        signature.isEmpty()
            || publicKeys.stream()
                .anyMatch(key -> Es256.verify(key, Hash.bytes(entry.getLogEntryHash()), signature));
    return right
        ? Optional.empty()
        : refuse(
            ERROR_REASON_SIGNATURE_INVALID,
            index,
            "messageSignature",
            "the signature does not verify under the gateway's key");
  }

  private static Optional<Refusal> refuse(
      ErrorReason reason, int index, String field, String description) {
    return Optional.of(new Refusal(reason, field, "entry " + index + ": " + description));
  }
}
