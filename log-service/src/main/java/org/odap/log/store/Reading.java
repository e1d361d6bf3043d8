package org.odap.log.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;
import org.odap.log.entry.Checksummed;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;

/** Reads of single values, each checked against its checksum. */
final class Reading {
  private Reading() {}

  static Optional<LogHead> head(Database database, LogId log) {
    byte[] key = log.key();
    return database
        .get(Database.Family.HEADS, key)
        .map(sealed -> LogHead.open(key, sealed).orElseThrow(() -> corrupt(log, 0)));
  }

  /** An entry as it is stored, encrypted if it is. */
  static ByteString stored(Database database, LogId log, int index) {
    byte[] key = log.entryKey(index);
    return database
        .get(Database.Family.ENTRIES, key)
        .flatMap(sealed -> Checksummed.open(key, sealed))
        .orElseThrow(() -> corrupt(log, index));
  }

  /** An entry that the log's head says is there. */
  static Entry entry(Database database, LogId log, int index) {
    byte[] key = log.entryKey(index);
    try {
      ByteString bytes =
          database
              .cipher()
              .open(key, stored(database, log, index))
              .orElseThrow(() -> corrupt(log, index));
      return Entry.ofStored(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw corrupt(log, index);
    } catch (StoreException e) {
      throw e.isCorrupt() ? corrupt(log, index) : e;
    }
  }

  private static StoreException corrupt(LogId log, int index) {
    Damage damage = new Damage(log.value(), index, "missing, or not what was stored");
    return new StoreException(damage.toString(), true);
  }
}
