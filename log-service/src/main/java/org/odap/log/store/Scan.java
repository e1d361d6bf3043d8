package org.odap.log.store;

import java.util.concurrent.locks.Lock;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A walk through the keys of a family; while it is open the database is not closed. */
final class Scan implements AutoCloseable {
  private final RocksIterator keys;
  private final Lock use;

  /**
   * A walk that begins nowhere yet.
   *
   * @param use held by this thread, and given back at the end
   */
  Scan(RocksIterator keys, Lock use) {
    this.keys = keys;
    this.use = use;
  }

  void seekToFirst() {
    keys.seekToFirst();
  }

  /** Goes to the first key that is not before this one. */
  void seek(byte[] key) {
    keys.seek(key);
  }

  /** Whether it is at a key; at the end, and at a block that can't be read, it is not. */
  boolean isValid() {
    return keys.isValid();
  }

  void next() {
    keys.next();
  }

  byte[] key() {
    return keys.key();
  }

  byte[] value() {
    return keys.value();
  }

  /** Fails when the walk ended at a block that can't be read. */
  void status() throws RocksDBException {
    keys.status();
  }

  @Override
  public void close() {
    keys.close();
    use.unlock();
  }
}
