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
import org.odap.log.entry.LogId;
import org.odap.runtime.encryption.EntryCipher;
import org.odap.runtime.encryption.EntryKeys;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB as this service uses it: four families of keys, synced writes, checked reads. */
final class Database implements AutoCloseable {
  /** The families; the names are stored. */
  enum Family {
    /** Log id, zero, index -> entry. */
    ENTRIES,
    /** Log id -> head. */
    HEADS,
    /** Epoch -> lease, and the last epoch given. */
    LEASES,
    /** What a salvage found of damaged logs, as it was. */
    QUARANTINE;

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

  private final Deque<AutoCloseable> natives = new ArrayDeque<>();
  private final Map<Family, ColumnFamilyHandle> families = new EnumMap<>(Family.class);
  private final EntryCipher cipher;
  private final RocksDB db;
  private final WriteOptions synced;
  private final ReadOptions scanning;

  /**
   * Opens or creates the database. An incomplete record at the end of the write-ahead log is what a
   * crash leaves of a write that was never answered, and is dropped; any other damage there stops
   * the opening.
   */
  static Database open(Path directory, EntryKeys keys) {
    return new Database(directory, keys, WALRecoveryMode.TolerateCorruptedTailRecords, false);
  }

  /** Opens a damaged database to read what can be read; changes nothing on disk. */
  static Database openDamaged(Path directory, EntryKeys keys) {
    return new Database(directory, keys, WALRecoveryMode.SkipAnyCorruptedRecords, true);
  }

  private Database(Path directory, EntryKeys keys, WALRecoveryMode recovery, boolean readOnly) {
    cipher = new EntryCipher(keys, place -> LogId.ofEntryKey(place).key());
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      Files.createDirectories(directory);
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
    try {
      return Optional.ofNullable(db.get(families.get(family), key));
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  /** Adds a change to a batch. */
  void put(WriteBatch batch, Family family, byte[] key, byte[] value) {
    try {
      batch.put(families.get(family), key, value);
    } catch (RocksDBException e) {
      throw failure("prepare a write", e);
    }
  }

  /** Adds a deletion to a batch. */
  void delete(WriteBatch batch, Family family, byte[] key) {
    try {
      batch.delete(families.get(family), key);
    } catch (RocksDBException e) {
      throw failure("prepare a deletion", e);
    }
  }

  /** Writes a batch, all or nothing; it is on disk when this returns. */
  void write(WriteBatch batch) {
    try {
      db.write(synced, batch);
    } catch (RocksDBException e) {
      throw failure("write", e);
    }
  }

  /** An iterator over a family, not yet at any key; its owner closes it. */
  RocksIterator scan(Family family) {
    return db.newIterator(families.get(family), scanning);
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

  @Override
  public void close() {
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
