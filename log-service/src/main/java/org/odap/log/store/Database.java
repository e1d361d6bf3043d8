package org.odap.log.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryCipher;
import org.odap.runtime.encryption.EntryKeys;
import org.rocksdb.BackupEngine;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * RocksDB as this service uses it: four families of keys, synced writes, checked reads.
 *
 * <p>Calls hold {@code uses} for reading and {@link #close} for writing: the library ends the whole
 * process where a database is closed under a call. Calls after the closing are refused.
 */
final class Database implements AutoCloseable {
  /**
   * The families; the names are stored, and their order is: the nodes of a replicated log write the
   * same batches, which know families by number. A new one is added at the end.
   */
  enum Family {
    /** Log id, zero, index -> entry. */
    ENTRIES,
    /** Log id -> head. */
    HEADS,
    /** Epoch -> lease, and the last epoch given. */
    LEASES,
    /** What a salvage found of damaged logs, as it was. */
    QUARANTINE,
    /** How far a node of a replicated log has come. */
    REPLICATION;

    byte[] storedName() {
      return name().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII);
    }
  }

  private static final long WAL_BYTES_MAX = 256L << 20;
  private static final int READ_AHEAD_BYTES = 2 << 20;
  private static final int BLOOM_BITS = 10;

  static {
    RocksDB.loadLibrary();
  }

  private final ReentrantReadWriteLock uses = new ReentrantReadWriteLock();
  private final Deque<AutoCloseable> natives = new ArrayDeque<>();
  private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
  private final EntryCipher cipher;
  private final RocksDB db;
  private final WriteOptions synced;
  private final WriteOptions unsynced;
  private final ReadOptions scanning;
  private boolean closed;

  private interface Use<T> {
    T of(RocksDB open) throws RocksDBException;
  }

  /**
   * Opens or creates the database. An incomplete record at the end of the write-ahead log is what a
   * crash leaves of a write that was never answered, and is dropped; any other damage there stops
   * the opening.
   */
  static Database open(Path directory, EntryKeys keys) {
    return new Database(directory, keys, WALRecoveryMode.TolerateCorruptedTailRecords, false);
  }

  /** Opens a database that nobody writes to, to read it; changes nothing on disk. */
  static Database openReadOnly(Path directory, EntryKeys keys) {
    return new Database(directory, keys, WALRecoveryMode.TolerateCorruptedTailRecords, true);
  }

  /** Opens a damaged database to read what can be read; changes nothing on disk. */
  static Database openDamaged(Path directory, EntryKeys keys) {
    return new Database(directory, keys, WALRecoveryMode.SkipAnyCorruptedRecords, true);
  }

  private Database(Path directory, EntryKeys keys, WALRecoveryMode recovery, boolean readOnly) {
    cipher = new EntryCipher(keys, place -> LogId.ofEntryKey(place).key());
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      if (!readOnly) {
        Files.createDirectories(directory);
      }
      DBOptions options = keep(databaseOptions(recovery));
      List<ColumnFamilyDescriptor> descriptors = descriptors(keep(familyOptions()));
      db =
          keep(
              readOnly
                  ? RocksDB.openReadOnly(options, directory.toString(), descriptors, handles)
                  : RocksDB.open(options, directory.toString(), descriptors, handles));
      handles.forEach(this::keep);
      // The handles come in the order of the descriptors: the default family first.
      Iterator<ColumnFamilyHandle> opened = handles.subList(1, handles.size()).iterator();
      for (Family family : Family.values()) {
        families.put(family, opened.next());
      }
      synced = keep(new WriteOptions().setSync(true));
      unsynced = keep(new WriteOptions());
      scanning = keep(new ReadOptions().setFillCache(false).setReadaheadSize(READ_AHEAD_BYTES));
    } catch (RocksDBException e) {
      close();
      throw failure("open " + directory, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DBOptions databaseOptions(WALRecoveryMode recovery) {
    return new DBOptions()
        .setCreateIfMissing(true)
        .setCreateMissingColumnFamilies(true)
        .setParanoidChecks(true)
        .setWalRecoveryMode(recovery)
        .setMaxTotalWalSize(WAL_BYTES_MAX)
        .setKeepLogFileNum(4)
        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL);
  }

  private static ColumnFamilyOptions familyOptions() {
    return new ColumnFamilyOptions()
        .setCompressionType(CompressionType.LZ4_COMPRESSION)
        .setTableFormatConfig(
            new BlockBasedTableConfig().setFilterPolicy(new BloomFilter(BLOOM_BITS)));
  }

  private static List<ColumnFamilyDescriptor> descriptors(ColumnFamilyOptions options) {
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, options));
    for (Family family : Family.values()) {
      descriptors.add(new ColumnFamilyDescriptor(family.storedName(), options));
    }
    return descriptors;
  }

  /** The form in which entries are stored. */
  EntryCipher cipher() {
    return cipher;
  }

  Optional<byte[]> get(Family family, byte[] key) {
    return using("read", open -> Optional.ofNullable(open.get(families.get(family), key)));
  }

  /** Adds a change to a batch. */
  void put(WriteBatch batch, Family family, byte[] key, byte[] value) {
    using(
        "prepare a write",
        open -> {
          batch.put(families.get(family), key, value);
          return batch;
        });
  }

  /** Adds a deletion to a batch. */
  void delete(WriteBatch batch, Family family, byte[] key) {
    using(
        "prepare a deletion",
        open -> {
          batch.delete(families.get(family), key);
          return batch;
        });
  }

  /** Writes a batch, all or nothing; it is on disk when this returns. */
  void write(WriteBatch batch) {
    write(batch, synced);
  }

  /** Writes a batch, all or nothing; a power cut may undo it, with all that was written since. */
  void writeUnsynced(WriteBatch batch) {
    write(batch, unsynced);
  }

  private void write(WriteBatch batch, WriteOptions options) {
    using(
        "write",
        open -> {
          open.write(options, batch);
          return batch;
        });
  }

  /**
   * Makes a second database of what this one holds now, in a folder that does not exist yet on the
   * same file system. Files are shared as hard links, so it takes neither time nor room; writes go
   * on beside it. When this returns the copy is on disk.
   */
  void checkpoint(Path target) {
    using(
        "make a checkpoint in " + target,
        open -> {
          try (Checkpoint checkpoint = Checkpoint.create(open)) {
            checkpoint.createCheckpoint(target.toString());
            return target;
          }
        });
  }

  /** Adds what this database holds now to a folder of backups; writes go on beside it. */
  void backUp(BackupEngine folder, String metadata) {
    using(
        "back up",
        open -> {
          folder.createNewBackupWithMetadata(open, metadata, true);
          return folder;
        });
  }

  /** Keys of a family in their order, not yet at any; the thread that asked closes it. */
  Scan scan(Family family) {
    uses.readLock().lock();
    try {
      refuseWhenClosed();
      return new Scan(db.newIterator(families.get(family), scanning), uses.readLock());
    } catch (StoreException e) {
      uses.readLock().unlock();
      throw e;
    }
  }

  private <T> T using(String act, Use<T> use) {
    uses.readLock().lock();
    try {
      refuseWhenClosed();
      return use.of(db);
    } catch (RocksDBException e) {
      throw failure(act, e);
    } finally {
      uses.readLock().unlock();
    }
  }

  private void refuseWhenClosed() {
    if (closed) {
      throw new StoreException("the log service is stopping", false);
    }
  }

  static StoreException failure(String act, RocksDBException cause) {
    Status status = cause.getStatus();
    boolean corrupt = status != null && status.getCode() == Status.Code.Corruption;
    return new StoreException("could not " + act + ": " + cause.getMessage(), corrupt, cause);
  }

  private <T extends AutoCloseable> T keep(T part) {
    natives.push(part);
    return part;
  }

  /** Waits for the calls that run. */
  @Override
  public void close() {
    uses.writeLock().lock();
    try {
      closed = true;
      closeNatives();
    } finally {
      uses.writeLock().unlock();
    }
  }

  private void closeNatives() {
    while (!natives.isEmpty()) {
      AutoCloseable part = natives.pop();
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("closing the database failed", e);
      }
    }
  }
}
