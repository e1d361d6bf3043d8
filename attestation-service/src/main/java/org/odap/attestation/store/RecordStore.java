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
import org.odap.runtime.encryption.EntryCipher;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyRegister;
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
    try {
      return Optional.ofNullable(db.get(place.bytes())).map(stored -> opened(kind, place, stored));
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
  }

  /** The first records of a kind, by their ids. */
  public <T extends Message> List<T> all(Kind<T> kind, int most) {
    String prefix = kind.name() + BETWEEN;
    List<T> found = new ArrayList<>();
    try (ReadOptions reading = new ReadOptions();
        RocksIterator iterator = db.newIterator(reading)) {
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
    } catch (RocksDBException e) {
      throw failure("read", e);
    }
    return found;
  }

  /** Writes one record. */
  public <T extends Message> void put(Kind<T> kind, String id, T message) {
    put(Map.of(kind.place(id), message));
  }

  /** Writes records, all or none. */
  public void put(Map<Place, ? extends Message> records) {
    try (WriteBatch batch = new WriteBatch()) {
      for (Map.Entry<Place, ? extends Message> record : records.entrySet()) {
        byte[] key = record.getKey().bytes();
        batch.put(key, cipher.seal(key, record.getValue().toByteString()).toByteArray());
      }
      db.write(synced, batch);
    } catch (RocksDBException e) {
      throw failure("write", e);
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
    db.close();
    synced.close();
    options.close();
  }
}
