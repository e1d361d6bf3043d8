package org.odap.log.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.odap.log.entry.LogId;
import org.odap.log.lease.Lease;
import org.odap.runtime.encryption.EntryKeys;
import org.rocksdb.WriteBatch;

/**
 * Makes a store that can be opened of a damaged one, when its operator says so: intact logs are
 * copied, what can be read of damaged ones is put in quarantine, where no gateway finds it. The
 * damaged store is kept beside it, unchanged.
 */
public final class Salvage implements AutoCloseable {
  /**
   * Epochs may have been given that the damaged store no longer knows; none may be given twice. No
   * service gives so many between two syncs.
   */
  static final long EPOCHS_SKIPPED = 1L << 32;

  /** Entries written with one sync. */
  private static final int GROUP = 1000;

  private final Database source;
  private final Database target;
  private final WriteBatch group = new WriteBatch();

  private Salvage(Database source, Database target) {
    this.source = source;
    this.target = target;
  }

  /**
   * What was done.
   *
   * @param damages what was found
   * @param quarantined the logs that were put aside
   * @param kept where the damaged store lies now
   */
  public record Report(List<Damage> damages, List<String> quarantined, Path kept) {}

  /** Salvages the store in a directory, which no one has open. */
  public static Report run(Path directory, EntryKeys keys, List<Damage> damages) {
    StoreFiles files = new StoreFiles(directory);
    Path kept = free(directory);
    StoreFiles keptFiles = new StoreFiles(kept);
    Path made = kept.resolve("salvaged");
    try {
      Files.createDirectory(kept);
      List<String> quarantined = copy(files.database(), made, keys, damages);
      move(files.database(), keptFiles.database());
      move(made, files.database());
      // Last: if this is interrupted, the witness still says that a database is missing.
      move(files.witness(), keptFiles.witness());
      return new Report(damages, quarantined, kept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> copy(Path from, Path to, EntryKeys keys, List<Damage> damages) {
    try (Database source = Database.openDamaged(from, keys);
        Database target = Database.open(to, keys);
        Salvage salvage = new Salvage(source, target)) {
      List<String> quarantined = salvage.copy(damages);
      salvage.write();
      return quarantined;
    }
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path free(Path directory) {
    int number = 1;
    while (Files.exists(directory.resolve("damaged-" + number))) {
      number++;
    }
    return directory.resolve("damaged-" + number);
  }

  private List<String> copy(List<Damage> damages) {
    Verification.Report report = Verification.of(source);
    Set<String> damaged = damages.stream().map(Damage::place).collect(Collectors.toSet());
    report.damages().forEach(damage -> damaged.add(damage.place()));
    List<String> quarantined = new ArrayList<>();
    long newestEpoch = report.lastEpoch();
    for (LogId log : Verification.findLogs(source)) {
      if (damaged.contains(log.value())) {
        quarantine(log);
        quarantined.add(log.value());
      } else {
        LogHead head = Reading.head(source, log).orElseThrow();
        copy(log, head);
        newestEpoch = Math.max(newestEpoch, head.epoch());
      }
    }
    for (Lease lease : report.leases()) {
      newestEpoch = Math.max(newestEpoch, lease.epoch());
    }
    giveNoEpochTwice(newestEpoch);
    return quarantined;
  }

  private void copy(LogId log, LogHead head) {
    for (int index = 1; index <= (head.archived() ? 0 : head.length()); index++) {
      byte[] key = log.entryKey(index);
      byte[] sealed = source.get(Database.Family.ENTRIES, key).orElseThrow();
      put(Database.Family.ENTRIES, key, sealed);
    }
    put(Database.Family.HEADS, log.key(), head.seal(log.key()));
  }

  private void quarantine(LogId log) {
    byte[] headKey = log.key();
    int length = 0;
    try {
      length = Reading.head(source, log).map(LogHead::length).orElse(0);
      source
          .get(Database.Family.HEADS, headKey)
          .ifPresent(head -> put(Database.Family.QUARANTINE, headKey, head));
    } catch (StoreException e) {
      length = 0;
    }
    boolean more = true;
    for (int index = 1; index <= length || more; index++) {
      more = quarantineEntry(log.entryKey(index));
    }
  }

  private boolean quarantineEntry(byte[] key) {
    try {
      source
          .get(Database.Family.ENTRIES, key)
          .ifPresent(sealed -> put(Database.Family.QUARANTINE, key, sealed));
      return source.get(Database.Family.ENTRIES, key).isPresent();
    } catch (StoreException e) {
      return false;
    }
  }

  /** Leases are not copied: whoever held one takes a new one and claims its logs. */
  private void giveNoEpochTwice(long newestEpoch) {
    put(
        Database.Family.LEASES,
        LeaseRecords.LAST_EPOCH_KEY,
        LeaseRecords.sealLastEpoch(newestEpoch + EPOCHS_SKIPPED));
  }

  private void put(Database.Family family, byte[] key, byte[] value) {
    target.put(group, family, key, value);
    if (group.count() >= GROUP) {
      write();
    }
  }

  private void write() {
    target.write(group);
    group.clear();
  }

  @Override
  public void close() {
    group.close();
  }
}
