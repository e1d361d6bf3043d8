package org.odap.log.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyRegister;
import org.rocksdb.RocksDBException;

/**
 * Looks through a store that no service has open: every checksum, every hash chain, every head,
 * what the witness saw, whether the keys are at hand. Changes nothing on disk.
 */
public final class Inspection {
  private Inspection() {}

  /**
   * What was found.
   *
   * @param logs how the logs stand that have a readable head
   * @param lastEpoch the last epoch given
   * @param witnessed logs that the witness was asked about
   * @param damages empty when all is well
   */
  public record Report(
      Map<LogId, LogHead> logs, long lastEpoch, int witnessed, List<Damage> damages) {
    /** Number of logs of a standing. */
    public long count(LogHead.Standing standing) {
      return logs.values().stream().filter(head -> head.standing() == standing).count();
    }

    /** Number of entries in the store. */
    public long entries() {
      return logs.values().stream()
          .filter(head -> !head.archived())
          .mapToLong(LogHead::length)
          .sum();
    }

    /** Logs of transfers that had not ended. */
    public List<LogId> openTransfers() {
      return logs.entrySet().stream()
          .filter(log -> !log.getValue().closed() && log.getKey().isOfTransfer())
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  /**
   * Looks through the store in a directory.
   *
   * @throws StoreException when there is none, or a service has it open
   * @throws org.odap.runtime.encryption.KeyException when a key that entries are stored under is
   *     missing or another one
   */
  public static Report of(Path directory, EntryKeys keys) {
    StoreFiles files = new StoreFiles(directory);
    if (!Files.isDirectory(files.database())) {
      throw new StoreException(
          "%s: no data directory of a log service (expected: a folder with db/)"
              .formatted(directory),
          false);
    }
    if (files.inUse()) {
      throw new StoreException(
          "%s: a log service has it open (expected: a stopped one; of a running one verify a backup)"
              .formatted(directory),
          false);
    }
    KeyRegister _ = KeyRegister.check(files.keys(), keys);
    try (Database database = Database.openReadOnly(files.database(), keys)) {
      return of(database, files);
    } catch (StoreException e) {
      if (!e.isCorrupt()) {
        throw e;
      }
      return new Report(Map.of(), 0, 0, Diagnosis.of(files, keys, e));
    }
  }

  private static Report of(Database database, StoreFiles files) {
    Verification.Report verified = Verification.of(database);
    List<Damage> damages = new ArrayList<>(verified.damages());
    try (Witness witness = Witness.reading(files.witness())) {
      damages.addAll(Testimony.missing(database, witness, verified.lastEpoch()));
      return new Report(
          heads(database), verified.lastEpoch(), witness.logs().size(), List.copyOf(damages));
    }
  }

  private static Map<LogId, LogHead> heads(Database database) {
    Map<LogId, LogHead> heads = new LinkedHashMap<>();
    try (Scan scan = database.scan(Database.Family.HEADS)) {
      for (scan.seekToFirst(); scan.isValid(); scan.next()) {
        Optional<LogHead> head = LogHead.open(scan.key(), scan.value());
        LogId log = LogId.ofKey(scan.key());
        head.ifPresent(readable -> heads.put(log, readable));
      }
      scan.status();
    } catch (RocksDBException e) {
      // Verification has named this damage.
      return heads;
    }
    return heads;
  }
}
