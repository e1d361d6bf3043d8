package org.odap.log.entry;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_MISSING;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Instant;
import java.util.Optional;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.runtime.rpc.FieldForms;

/**
 * A log entry (recovery-01 5) as the store sees it: its place in the chain and its bytes, which are
 * kept exactly as the gateway sent them. Hashes and signatures are the gateway's and are not
 * computed again here: who reads a log checks them.
 */
public record Entry(
    int index,
    String previousHash,
    String hash,
    AccessControlProfile accessProfile,
    ByteString bytes) {
  /** Ample for one message with a ledger's proof; keeps a batch of appends in memory bounded. */
  public static final int SIZE_MAX = 1 << 20;

  /** Checks an entry that a caller wants in a log. */
  public static Outcome<Entry> check(LogId log, ByteString bytes) {
    if (bytes.size() > SIZE_MAX) {
      return invalid("size: %d bytes (expected: at most %d)".formatted(bytes.size(), SIZE_MAX));
    }
    LogEntry entry;
    try {
      entry = LogEntry.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      return invalid("bytes are no LogEntry: " + e.getMessage());
    }
    if (!entry.getSessionId().equals(log.sessionId())) {
      return invalid("session_id: not that of log %s".formatted(log));
    }
    if (entry.getSeqNumber() <= 0) {
      return invalid("seq_number: %s (expected: 1 to 2^31-1)".formatted(index(entry)));
    }
    if (!entry.hasPayload()) {
      return Outcome.refused(ERROR_REASON_FIELD_MISSING, "entries.payload: missing");
    }
    if (!FieldForms.isSha256(entry.getLogEntryHash())) {
      return invalid("log_entry_hash of %s: not 64 hex digits".formatted(index(entry)));
    }
    if (!entry.getLastEntryHash().isEmpty() && !FieldForms.isSha256(entry.getLastEntryHash())) {
      return invalid("last_entry_hash of %s: not 64 hex digits".formatted(index(entry)));
    }
    return Outcome.done(of(entry, bytes));
  }

  /** Reads an entry that was checked before it was stored. */
  public static Entry ofStored(ByteString bytes) throws InvalidProtocolBufferException {
    return of(LogEntry.parseFrom(bytes), bytes);
  }

  /** Whether this entry is the one after the given one. */
  public boolean continues(int lastIndex, String lastHash) {
    return index == lastIndex + 1 && previousHash.equals(lastHash);
  }

  /** Identity of the gateway at the other end of the session; nothing when no one is named. */
  public Optional<String> counterparty(LogId log) {
    try {
      LogEntry entry = LogEntry.parseFrom(bytes);
      String named = log.isSenders() ? entry.getRecipientGatewayUid() : entry.getSourceGatewayUid();
      return Optional.of(named).filter(identity -> !identity.isEmpty());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("entries are parsed before they are stored", e);
    }
  }

  /** When the gateway says that it made the entry. */
  public Instant madeAt() {
    try {
      return Instant.ofEpochSecond(LogEntry.parseFrom(bytes).getTimestamp());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("entries are parsed before they are stored", e);
    }
  }

  private static Entry of(LogEntry entry, ByteString bytes) {
    return new Entry(
        entry.getSeqNumber(),
        entry.getLastEntryHash(),
        entry.getLogEntryHash(),
        entry.getAccessControlProfile(),
        bytes);
  }

  private static String index(LogEntry entry) {
    return Integer.toUnsignedString(entry.getSeqNumber());
  }

  private static Outcome<Entry> invalid(String what) {
    return Outcome.refused(ERROR_REASON_FIELD_INVALID, "entries." + what);
  }
}
