package org.odap.log.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.odap.log.entry.LogId;
import org.odap.log.lease.Lease;
import org.odap.runtime.encryption.EntryKeys;
import org.rocksdb.WriteBatch;

/**
 * Makes a data directory of a backup. A backup is a log that forgot what came after it, and a
 * gateway that goes on from there could say otherwise than it did say. So the logs of transfers
 * that were open then are held until an operator releases each ({@link LogHead.Standing#HELD}), and
 * leases are not taken over: nobody who wrote before writes on without having read.
 */
public final class Restoration {
  private static final String UNFINISHED = "restoring";

  private Restoration() {}

  /**
   * What was restored.
   *
   * @param generation the backup
   * @param held the transfers that were open at its moment
   */
  public record Report(Generation generation, List<LogId> held) {}

  /** A backup, and what was found in it. */
  public record Verified(Generation generation, Inspection.Report found) {}

  /**
   * Restores a backup into a directory that is empty or not there; all of it is verified first.
   *
   * @param number the generation, or the newest
   * @throws DamagedStoreException when the backup is damaged: nothing is left in the directory
   * @throws StoreException when it can't be read, or the directory is in use or not empty
   */
  public static Report run(Path backups, Optional<Integer> number, Path target, EntryKeys keys)
      throws DamagedStoreException {
    refuseUnlessEmpty(target);
    Path unfinished = target.resolve(UNFINISHED);
    try {
      Generation generation = unpack(backups, number, unfinished);
      Inspection.Report found = Inspection.of(unfinished, keys);
      if (!found.damages().isEmpty()) {
        throw new DamagedStoreException(found.damages());
      }
      hold(new StoreFiles(unfinished), keys, found);
      moveUp(new StoreFiles(unfinished), new StoreFiles(target));
      return new Report(generation, found.openTransfers());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      remove(unfinished);
    }
  }

  /**
   * Looks through a backup: unpacks it in a folder of its own under {@code scratch}, which is
   * removed again.
   */
  public static Verified verify(
      Path backups, Optional<Integer> number, Path scratch, EntryKeys keys) {
    Path copy = scratch.resolve("backup-" + UUID.randomUUID());
    try {
      Generation generation = unpack(backups, number, copy);
      return new Verified(generation, Inspection.of(copy, keys));
    } finally {
      remove(copy);
    }
  }

  /** The folder of backups is closed when this returns: until then its threads may still write. */
  private static Generation unpack(Path backups, Optional<Integer> number, Path target) {
    try (BackupFolder folder = BackupFolder.open(backups)) {
      Generation generation = folder.find(number);
      folder.copy(generation, target);
      return generation;
    }
  }

  /** The database last: what was interrupted before is no data directory. */
  private static void moveUp(StoreFiles made, StoreFiles wanted) throws IOException {
    moveIfThere(made.keys(), wanted.keys());
    moveIfThere(made.witness(), wanted.witness());
    FileTrees.sync(wanted.directory());
    moveIfThere(made.database(), wanted.database());
    FileTrees.sync(wanted.directory());
  }

  private static void remove(Path tree) {
    try {
      if (Files.exists(tree)) {
        FileTrees.remove(tree);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuseUnlessEmpty(Path target) {
    if (new StoreFiles(target).inUse()) {
      throw new StoreException(
          "%s: a log service has it open (expected: an empty directory)".formatted(target), false);
    }
    if (!Files.exists(target)) {
      return;
    }
    try (Stream<Path> found = Files.list(target)) {
      // A mounted volume has a folder of its own when it is new.
      if (found.anyMatch(file -> !file.getFileName().toString().equals("lost+found"))) {
        throw new StoreException(
            "%s: not empty (expected: an empty directory, or none)".formatted(target), false);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void hold(StoreFiles files, EntryKeys keys, Inspection.Report found) {
    try (Database database = Database.open(files.database(), keys);
        WriteBatch batch = new WriteBatch()) {
      long newestEpoch = found.lastEpoch();
      for (LogId log : found.openTransfers()) {
        LogHead head = found.logs().get(log);
        database.put(batch, Database.Family.HEADS, log.key(), head.hold().seal(log.key()));
        newestEpoch = Math.max(newestEpoch, head.epoch());
      }
      for (Lease lease : Verification.of(database).leases()) {
        database.delete(batch, Database.Family.LEASES, LeaseRecords.key(lease.epoch()));
      }
      database.put(
          batch,
          Database.Family.LEASES,
          LeaseRecords.LAST_EPOCH_KEY,
          LeaseRecords.sealLastEpoch(newestEpoch + Salvage.EPOCHS_SKIPPED));
      // Of a replicated log: the restored nodes begin a Raft log of their own.
      database.delete(batch, Database.Family.REPLICATION, ReplicatedPosition.KEY);
      database.write(batch);
    }
  }

  private static void moveIfThere(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.move(from, to);
    }
  }
}
