package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_MISSING;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.odap.log.entry.Checksummed;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.runtime.encryption.EntryCipher;

/**
 * An entry with the key and bytes it will be stored as. Made on the caller's thread, so that the
 * committer's has less to do.
 */
final class SealedEntry {
  private final Entry entry;
  private final byte[] key;
  private final byte[] value;

  private SealedEntry(LogId log, Entry entry, EntryCipher cipher) {
    this.entry = entry;
    this.key = log.entryKey(entry.index());
    this.value = Checksummed.seal(key, cipher.seal(key, entry.bytes()));
  }

  Entry entry() {
    return entry;
  }

  byte[] key() {
    return key;
  }

  byte[] value() {
    return value;
  }

  /** Checks the entries of one request: each on its own, and that they form one chain. */
  static Outcome<List<SealedEntry>> checkAll(
      LogId log, List<ByteString> wanted, int countMax, EntryCipher cipher) {
    if (wanted.isEmpty()) {
      return Outcome.refused(ERROR_REASON_FIELD_MISSING, "entries: none (expected: at least one)");
    }
    if (wanted.size() > countMax) {
      return Outcome.refused(
          ERROR_REASON_FIELD_INVALID,
          "entries: %d (expected: at most %d)".formatted(wanted.size(), countMax));
    }
    List<SealedEntry> sealed = new ArrayList<>(wanted.size());
    for (ByteString bytes : wanted) {
      Entry entry;
      switch (Entry.check(log, bytes)) {
        case Outcome.Refused<Entry> refused -> {
          return refused.as();
        }
        case Outcome.Done<Entry>(Entry checked) -> entry = checked;
      }
      if (!follows(sealed, entry)) {
        return Outcome.refused(
            ERROR_REASON_LOG_NOT_CONTINUED,
            "entry %d does not continue the one before it in the request".formatted(entry.index()));
      }
      sealed.add(new SealedEntry(log, entry, cipher));
    }
    return Outcome.done(sealed);
  }

  private static boolean follows(List<SealedEntry> before, Entry entry) {
    if (before.isEmpty()) {
      return true;
    }
    Entry last = before.getLast().entry();
    return entry.continues(last.index(), last.hash());
  }
}
