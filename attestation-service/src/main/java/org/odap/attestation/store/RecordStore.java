package org.odap.attestation.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.encryption.EntryCipher;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyRegister;
import org.odap.runtime.rpc.OdapException;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Records by kind and id, on RocksDB: on disk when a write returns, and encrypted there where there
 * are keys for it. A record that was changed or put in another's place does not open.
 *
 * <p>Calls hold {@code uses} for reading and {@link #close} for writing: the library ends the whole
 * process where a database is closed under a call.
 */
public final class RecordStore implements AutoCloseable {
  private static final char BETWEEN = '/';

  static {
    RocksDB.loadLibrary();
  }

  private final Options options = new Options().setCreateIfMissing(true).setParanoidChecks(true);
  private final WriteOptions synced = new WriteOptions().setSync(true);
  private final EntryCipher cipher;
  private final RocksDB db;
  private final ReentrantReadWriteLock uses = new ReentrantReadWriteLock();
  private boolean closed;

  @FunctionalInterface
  private interface Use<T> {
    T of(RocksDB db) throws RocksDBException;
  }

  /** A kind of records. */
  public record Kind<T extends Message>(String name, Parser<T> parser) {
    /** Where the record of an id lies. */
    public Place place(String id) {
      return new Place(name + BETWEEN + id);
    }
  }

  /** Where a record lies. */
  public record Place(String key) {
    byte[] bytes() {
      return key.getBytes(StandardCharsets.UTF_8);
    }
  }

  private RecordStore(Path directory, EntryKeys keys) throws RocksDBException {
    // What is written over still lies in files until these are compacted, but under a key.
    this.cipher = new EntryCipher(keys, place -> place);
    this.db = RocksDB.open(options, directory.toString());
  }

  /**
   * Opens or makes a store; one service uses it at a time.
   *
   * @throws org.odap.runtime.encryption.KeyException naming a key that is missing or another than
   *     the one used
   */
  public static RecordStore open(Path directory, EntryKeys keys) {
    try {
      Files.createDirectories(directory);
      KeyRegister register = KeyRegister.check(directory.resolve("encryption-keys"), keys);
      RecordStore store = new RecordStore(directory.resolve("records"), keys);
      register.addActive();
      return store;
    } catch (RocksDBException e) {
      throw failure("open " + directory, e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The record of an id. */
  public <T extends Message> Optional<T> get(Kind<T> kind, String id) {
    Place place = kind.place(id);
    return using("read", open -> Optional.ofNullable(open.get(place.bytes())))
        .map(stored -> opened(kind, place, stored));
  }

  /** The first records of a kind, by their ids. */
  public <T extends Message> List<T> all(Kind<T> kind, int most) {
    return using("read", open -> all(open, kind, most));
  }

  private <T extends Message> List<T> all(RocksDB open, Kind<T> kind, int most)
      throws RocksDBException {
    String prefix = kind.name() + BETWEEN;
    List<T> found = new ArrayList<>();
    try (ReadOptions reading = new ReadOptions();
        RocksIterator iterator = open.newIterator(reading)) {
      for (iterator.seek(prefix.getBytes(StandardCharsets.UTF_8));
          iterator.isValid() && found.size() < most;
          iterator.next()) {
        Place place = new Place(new String(iterator.key(), StandardCharsets.UTF_8));
        if (!place.key().startsWith(prefix)) {
          break;
        }
        found.add(opened(kind, place, iterator.value()));
      }
      iterator.status();
    }
    return found;
  }

  /** Writes one record. */
  public <T extends Message> void put(Kind<T> kind, String id, T message) {
    put(Map.of(kind.place(id), message));
  }

  /** Writes records, all or none. */
  public void put(Map<Place, ? extends Message> records) {
    int _ =
        using(
            "write",
            open -> {
              try (WriteBatch batch = new WriteBatch()) {
                for (Map.Entry<Place, ? extends Message> record : records.entrySet()) {
                  byte[] key = record.getKey().bytes();
                  batch.put(key, cipher.seal(key, record.getValue().toByteString()).toByteArray());
                }
                open.write(synced, batch);
                return batch.count();
              }
            });
  }

  private <T> T using(String act, Use<T> use) {
    uses.readLock().lock();
    try {
      if (closed) {
        throw new OdapException(ErrorReason.ERROR_REASON_UNAVAILABLE, "this service is stopping");
      }
      return use.of(db);
    } catch (RocksDBException e) {
      throw failure(act, e);
    } finally {
      uses.readLock().unlock();
    }
  }

  private <T extends Message> T opened(Kind<T> kind, Place place, byte[] stored) {
    ByteString plain =
        cipher.open(place.bytes(), ByteString.copyFrom(stored)).orElseThrow(() -> damaged(place));
    try {
      return kind.parser().parseFrom(plain);
    } catch (InvalidProtocolBufferException e) {
      throw damaged(place);
    }
  }

  private static IllegalStateException damaged(Place place) {
    return new IllegalStateException(
        "the record " + place.key() + " is damaged: restore the store from a backup");
  }

  private static IllegalStateException failure(String act, RocksDBException cause) {
    return new IllegalStateException("could not " + act + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    uses.writeLock().lock();
    try {
      closed = true;
      db.close();
      synced.close();
      options.close();
    } finally {
      uses.writeLock().unlock();
    }
  }
}
