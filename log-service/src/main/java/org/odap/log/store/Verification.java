package org.odap.log.store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.odap.log.entry.LogId;
import org.odap.log.lease.Lease;
import org.rocksdb.RocksDBException;

/**
 * Reads all that is stored and checks that it is what was written. The quick way walks heads and
 * entries side by side. Where the database itself can't read a block, which ends a walk, the slow
 * way asks for every entry by its key, so that each lost one can be named.
 */
final class Verification {
  private static final int PREFIXES = 0x10000;

  private final Database database;
  private final List<Damage> damages = new ArrayList<>();
  private final SortedMap<LogId, LogHead> openLogs = new TreeMap<>();
  private final List<Lease> leases = new ArrayList<>();
  private long lastEpoch;
  private long logs;

  private Verification(Database database) {
    this.database = database;
  }

  /**
   * What was found.
   *
   * @param damages empty when all is well
   * @param logs number of logs
   * @param openLogs the logs that are not closed
   * @param leases the leases not ended
   * @param lastEpoch the last epoch given
   */
  record Report(
      List<Damage> damages,
      long logs,
      SortedMap<LogId, LogHead> openLogs,
      List<Lease> leases,
      long lastEpoch) {}

  static Report of(Database database) {
    Verification verification = new Verification(database);
    verification.readLeases();
    if (!verification.walk()) {
      verification.lookUp();
    }
    return verification.report();
  }

  /**
   * Where logs and leases stand, without a look at the entries: what a node needs that verified
   * them at its start and now comes to lead.
   */
  static Report ofHeads(Database database) {
    Verification verification = new Verification(database);
    verification.readLeases();
    verification.readHeads();
    return verification.report();
  }

  /** All logs of which anything can be found, damaged ones too. */
  static Set<LogId> findLogs(Database database) {
    Set<LogId> found = new TreeSet<>();
    Verification verification = new Verification(database);
    verification.find(Database.Family.HEADS, found);
    verification.find(Database.Family.ENTRIES, found);
    return found;
  }

  private Report report() {
    return new Report(damages, logs, openLogs, leases, lastEpoch);
  }

  private void readHeads() {
    try (Scan heads = database.scan(Database.Family.HEADS)) {
      for (heads.seekToFirst(); heads.isValid(); heads.next()) {
        LogId log = LogId.ofKey(heads.key());
        LogHead.open(heads.key(), heads.value())
            .ifPresentOrElse(
                head -> count(log, head),
                () -> damages.add(new Damage(log.value(), 0, "the checksum of its head is wrong")));
      }
      heads.status();
    } catch (RocksDBException e) {
      damages.add(new Damage("store", 0, e.getMessage()));
    }
  }

  private void readLeases() {
    try (Scan records = database.scan(Database.Family.LEASES)) {
      for (records.seekToFirst(); records.isValid(); records.next()) {
        readLease(records.key(), records.value());
      }
      records.status();
    } catch (RocksDBException e) {
      damages.add(new Damage("leases", 0, e.getMessage()));
    }
  }

  private void readLease(byte[] key, byte[] value) {
    boolean isEpoch = Arrays.equals(key, LeaseRecords.LAST_EPOCH_KEY);
    Optional<Long> epoch = isEpoch ? LeaseRecords.openLastEpoch(value) : Optional.empty();
    Optional<Lease> lease = isEpoch ? Optional.empty() : LeaseRecords.open(key, value);
    if (epoch.isEmpty() && lease.isEmpty()) {
      damages.add(new Damage("leases", 0, "the checksum of a record is wrong"));
    }
    epoch.ifPresent(given -> lastEpoch = given);
    lease.ifPresent(leases::add);
  }

  /** The quick way; false when it came upon something the database can't read. */
  private boolean walk() {
    int before = damages.size();
    try (Scan heads = database.scan(Database.Family.HEADS);
        Scan entries = database.scan(Database.Family.ENTRIES)) {
      heads.seekToFirst();
      entries.seekToFirst();
      while (heads.isValid() || entries.isValid()) {
        walkLog(heads, entries);
      }
      heads.status();
      entries.status();
      return true;
    } catch (RocksDBException e) {
      damages.subList(before, damages.size()).clear();
      openLogs.clear();
      logs = 0;
      damages.add(new Damage("store", 0, e.getMessage()));
      return false;
    }
  }

  private void walkLog(Scan heads, Scan entries) {
    Optional<LogId> headOf =
        heads.isValid() ? Optional.of(LogId.ofKey(heads.key())) : Optional.empty();
    Optional<LogId> entryOf = logAt(entries);
    LogId log =
        headOf
            .filter(id -> entryOf.isEmpty() || id.compareTo(entryOf.get()) <= 0)
            .or(() -> entryOf)
            .orElseThrow();
    ChainCheck check = new ChainCheck(log, database.cipher(), damages);
    while (logAt(entries).filter(log::equals).isPresent()) {
      byte[] key = entries.key();
      check.accept(LogId.indexOfEntryKey(key), key, entries.value());
      entries.next();
    }
    Optional<LogHead> head = Optional.empty();
    if (headOf.filter(log::equals).isPresent()) {
      head = LogHead.open(heads.key(), heads.value());
      heads.next();
    }
    finish(log, check, head);
  }

  private void finish(LogId log, ChainCheck check, Optional<LogHead> head) {
    check.finish(head);
    head.ifPresentOrElse(h -> count(log, h), () -> logs++);
  }

  private void count(LogId log, LogHead head) {
    logs++;
    if (!head.closed()) {
      openLogs.put(log, head);
    }
  }

  private static Optional<LogId> logAt(Scan entries) {
    return entries.isValid() ? Optional.of(LogId.ofEntryKey(entries.key())) : Optional.empty();
  }

  /** The slow way. */
  private void lookUp() {
    for (LogId log : findLogs(database)) {
      lookUp(log);
    }
  }

  private void lookUp(LogId log) {
    ChainCheck check = new ChainCheck(log, database.cipher(), damages);
    Optional<LogHead> head = readHead(log);
    int length = head.filter(h -> !h.archived()).map(LogHead::length).orElse(0);
    for (int index = 1; index <= length; index++) {
      byte[] key = log.entryKey(index);
      try {
        int at = index;
        database
            .get(Database.Family.ENTRIES, key)
            .ifPresent(sealed -> check.accept(at, key, sealed));
      } catch (StoreException e) {
        check.unreadable(index, "it can't be read: " + e.getMessage());
      }
    }
    finish(log, check, head);
  }

  private Optional<LogHead> readHead(LogId log) {
    try {
      return Reading.head(database, log);
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  /**
   * Adds the logs that a family has keys of. Past a block that can't be read it goes on at the next
   * of {@value #PREFIXES} places spread over all session ids.
   */
  private void find(Database.Family family, Set<LogId> found) {
    try (Scan keys = database.scan(family)) {
      keys.seekToFirst();
      int prefix = 0;
      while (prefix < PREFIXES) {
        String last = addWhileReadable(keys, family, found);
        if (isAtEnd(keys)) {
          return;
        }
        prefix = last.isEmpty() ? prefix + 1 : Math.max(prefix, prefixOf(last)) + 1;
        keys.seek("%04x".formatted(prefix).getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  private static String addWhileReadable(Scan keys, Database.Family family, Set<LogId> found) {
    String last = "";
    for (; keys.isValid(); keys.next()) {
      LogId log =
          family == Database.Family.HEADS ? LogId.ofKey(keys.key()) : LogId.ofEntryKey(keys.key());
      found.add(log);
      last = log.value();
    }
    return last;
  }

  private static boolean isAtEnd(Scan keys) {
    try {
      keys.status();
      return true;
    } catch (RocksDBException e) {
      return false;
    }
  }

  private static int prefixOf(String log) {
    try {
      return Integer.parseInt(log.substring(0, Math.min(4, log.length())), 16);
    } catch (NumberFormatException e) {
      return PREFIXES;
    }
  }
}
