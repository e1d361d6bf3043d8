package org.odap.log.entry;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_MISSING;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.odap.runtime.rpc.FieldForms;

/**
 * Name of the log that one gateway keeps of one session in one role (recovery-01 3): the session id
 * (ODAP 5.2), a slash, "sender" or "recipient". A gateway also keeps logs of what its operators
 * ordered ("operations") and of what it posted to trackers ("tracker"), under ids it derives, and
 * of clients' sessions (ODAP 5.6.5, "client"). Its order is the order of its key in the store.
 */
public record LogId(String value) implements Comparable<LogId> {
  private static final Set<String> ENDINGS =
      Set.of("/sender", "/recipient", "/operations", "/tracker", "/client");
  private static final int SESSION_ID_LENGTH = 36;
  private static final int INDEX_LENGTH = Integer.BYTES;

  /** Checks a name that a caller gave. */
  public static Outcome<LogId> parse(String value) {
    if (value.isEmpty()) {
      return Outcome.refused(
          ERROR_REASON_FIELD_MISSING, "log_id: empty (expected: \"<session id>/sender\" or so)");
    }
    if (!startsWithSessionId(value) || !ENDINGS.contains(value.substring(SESSION_ID_LENGTH))) {
      return Outcome.refused(
          ERROR_REASON_FIELD_INVALID,
          "log_id: \"%s\" (expected: \"<session id>/\" and sender, recipient or client)"
              .formatted(value.length() > 128 ? value.substring(0, 128) + "..." : value));
    }
    return Outcome.done(new LogId(value));
  }

  private static boolean startsWithSessionId(String value) {
    return value.length() > SESSION_ID_LENGTH
        && FieldForms.isUuid(value.substring(0, SESSION_ID_LENGTH));
  }

  /** Reads the log's own key. */
  public static LogId ofKey(byte[] key) {
    return new LogId(new String(key, StandardCharsets.US_ASCII));
  }

  /** Reads the log from the key of one of its entries. */
  public static LogId ofEntryKey(byte[] key) {
    int length = Math.max(0, key.length - INDEX_LENGTH - 1);
    return new LogId(new String(key, 0, length, StandardCharsets.US_ASCII));
  }

  /** Reads the index from the key of an entry. */
  public static int indexOfEntryKey(byte[] key) {
    return key.length <= INDEX_LENGTH ? 0 : ByteBuffer.wrap(key).getInt(key.length - INDEX_LENGTH);
  }

  /** The session whose steps the log records. */
  public String sessionId() {
    return value.substring(0, SESSION_ID_LENGTH);
  }

  /** Whether it is the sender's; else it is the recipient's. */
  public boolean isSenders() {
    return value.endsWith("/sender");
  }

  /** Whether it records a transfer; else it is of a gateway's own. */
  public boolean isOfTransfer() {
    return isSenders() || value.endsWith("/recipient");
  }

  /** Key of what is stored of the log as a whole. */
  public byte[] key() {
    return value.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Key of an entry: the log, a zero byte that no name holds, the index so that keys sort by it.
   */
  public byte[] entryKey(int index) {
    byte[] name = key();
    byte[] key = Arrays.copyOf(name, name.length + 1 + INDEX_LENGTH);
    ByteBuffer.wrap(key).putInt(name.length + 1, index);
    return key;
  }

  @Override
  public int compareTo(LogId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
