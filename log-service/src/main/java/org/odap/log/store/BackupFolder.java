package org.odap.log.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.rocksdb.BackupEngine;
import org.rocksdb.BackupEngineOptions;
import org.rocksdb.BackupInfo;
import org.rocksdb.Env;
import org.rocksdb.RestoreOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Backups of a store, in a folder that may lie on another machine. Generations share the files they
 * have in common; each file has a checksum. Beside the database of a generation, in {@code
 * beside/<its moment>/}, lie the witness and the register of keys, never a key. They are copied
 * first, so the witness knows no more than the database does.
 */
public final class BackupFolder implements AutoCloseable {
  static {
    RocksDB.loadLibrary();
  }

  private final Path directory;
  private final BackupEngineOptions options;
  private final BackupEngine engine;

  private BackupFolder(Path directory) {
    this.directory = directory;
    this.options = new BackupEngineOptions(directory.toString()).setSync(true);
    try {
      this.engine = BackupEngine.open(Env.getDefault(), options);
    } catch (RocksDBException e) {
      options.close();
      throw Database.failure("open the backups in " + directory, e);
    }
  }

  /** Opens a folder of backups, or makes one. */
  public static BackupFolder open(Path directory) {
    try {
      Files.createDirectories(directory);
      return new BackupFolder(directory);
    } catch (IOException e) {
      throw new StoreException(
          "backup directory %s: %s (expected: a folder that this user may write to)"
              .formatted(directory, e.getMessage()),
          false,
          e);
    }
  }

  /** Whether a directory holds backups. */
  public static boolean isOne(Path directory) {
    return Files.isDirectory(directory.resolve("meta"))
        && Files.isDirectory(directory.resolve("beside"));
  }

  /** The backups that are complete, the newest last. */
  public List<Generation> generations() {
    return engine.getBackupInfo().stream()
        .map(BackupFolder::generation)
        .sorted(Comparator.comparingInt(Generation::number))
        .toList();
  }

  /** The backup of this number; the newest one when none is given. */
  public Generation find(Optional<Integer> number) {
    List<Generation> all = generations();
    return all.stream()
        .filter(one -> number.isEmpty() || one.number() == number.get())
        .reduce((older, newer) -> newer)
        .orElseThrow(() ->
            new StoreException(
                "generation: %s (expected: one of %s in %s)"
                    .formatted(
                        number.map(String::valueOf).orElse("none"),
                        all.stream().map(Generation::number).toList(),
                        directory),
                false));
  }

  private static Generation generation(BackupInfo info) {
    return new Generation(
        info.backupId(), Instant.ofEpochMilli(Long.parseLong(info.appMetadata())), info.size());
  }

  /**
   * Adds a backup and removes the oldest beyond so many. It is on disk when this returns; one that
   * was cut off does not count, and its files are removed by the next.
   */
  Generation add(Database database, StoreFiles files, Instant moment, int keep) {
    String name = String.valueOf(moment.toEpochMilli());
    try {
      Path beside = Files.createDirectories(beside(name));
      copy(files.witness(), beside.resolve("witness"));
      copy(files.keys(), beside.resolve("keys"));
      FileTrees.sync(beside);
      FileTrees.sync(beside.getParent());
      database.backUp(engine, name);
      engine.purgeOldBackups(keep);
      removeStrangers();
      return find(Optional.empty());
    } catch (RocksDBException e) {
      throw Database.failure("remove old backups", e);
    } catch (IOException e) {
      throw new StoreException(
          "could not back up to %s: %s".formatted(directory, e.getMessage()), false, e);
    }
  }

  /**
   * Copies a backup to a directory, as a data directory; every file is held against its checksum.
   */
  void copy(Generation generation, Path target) {
    StoreFiles files = new StoreFiles(target);
    Path beside = beside(String.valueOf(generation.moment().toEpochMilli()));
    String database = files.database().toString();
    try (RestoreOptions restore = new RestoreOptions(false)) {
      Files.createDirectories(target);
      engine.restoreDbFromBackup(generation.number(), database, database, restore);
      copy(beside.resolve("witness"), files.witness());
      copy(beside.resolve("keys"), files.keys());
      FileTrees.sync(target);
    } catch (RocksDBException e) {
      throw Database.failure("restore generation " + generation.number(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path beside(String name) {
    return directory.resolve("beside").resolve(name);
  }

  /** What lies beside no generation: of old ones, and of those that were cut off. */
  private void removeStrangers() throws IOException {
    Set<String> known =
        generations().stream()
            .map(one -> String.valueOf(one.moment().toEpochMilli()))
            .collect(Collectors.toSet());
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory.resolve("beside"))) {
      for (Path one : found) {
        if (!known.contains(one.getFileName().toString())) {
          FileTrees.remove(one);
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.copy(from, to);
      FileTrees.sync(to);
    }
  }

  @Override
  public void close() {
    engine.close();
    options.close();
  }
}
