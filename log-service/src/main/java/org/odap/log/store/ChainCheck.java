package org.odap.log.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Optional;
import org.odap.log.entry.Checksummed;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryCipher;

/** Checks one log entry by entry: checksums, indexes without gaps, the hash chain, the head. */
final class ChainCheck {
  private final LogId log;
  private final EntryCipher cipher;
  private final List<Damage> damages;
  private int lastIndex;
  private Optional<String> lastHash = Optional.of("");

  ChainCheck(LogId log, EntryCipher cipher, List<Damage> damages) {
    this.log = log;
    this.cipher = cipher;
    this.damages = damages;
  }

  void accept(int index, byte[] key, byte[] sealed) {
    missingUpTo(index - 1);
    Optional<ByteString> stored = Checksummed.open(key, sealed);
    if (stored.isEmpty()) {
      unreadable(index, "its checksum is wrong");
      return;
    }
    Optional<ByteString> bytes = cipher.open(key, stored.get());
    if (bytes.isEmpty()) {
      unreadable(index, "it does not decrypt: it was changed or moved");
      return;
    }
    try {
      accept(index, Entry.ofStored(bytes.get()));
    } catch (InvalidProtocolBufferException e) {
      unreadable(index, "it is no log entry");
    }
  }

  private void accept(int index, Entry entry) {
    if (entry.index() != index) {
      damage(index, "it says that it is entry " + entry.index());
    }
    if (lastHash.isPresent() && !lastHash.get().equals(entry.previousHash())) {
      damage(index, "it does not continue the entry before it");
    }
    lastIndex = index;
    lastHash = Optional.of(entry.hash());
  }

  void unreadable(int index, String why) {
    missingUpTo(index - 1);
    damage(index, why);
    lastIndex = index;
    lastHash = Optional.empty();
  }

  /** log_entry_hash of the last entry; nothing when that can't be read. */
  Optional<String> lastHash() {
    return lastHash;
  }

  void finish(Optional<LogHead> stored) {
    if (stored.isEmpty()) {
      damage(0, "it has entries, but no readable head");
      return;
    }
    LogHead head = stored.get();
    if (head.archived()) {
      if (lastIndex > 0) {
        damage(lastIndex, "the log is archived, and the entry still here");
      }
      return;
    }
    missingUpTo(head.length());
    if (lastIndex > head.length()) {
      damage(head.length() + 1, "it lies beyond the log's end");
    } else if (lastHash.isPresent() && !lastHash.get().equals(head.lastHash())) {
      damage(lastIndex, "the log's head names another last entry");
    }
  }

  private void missingUpTo(int index) {
    while (lastIndex < index) {
      lastIndex++;
      lastHash = Optional.empty();
      damage(lastIndex, "it is missing");
    }
  }

  private void damage(int index, String what) {
    damages.add(new Damage(log.value(), index, what));
  }
}
