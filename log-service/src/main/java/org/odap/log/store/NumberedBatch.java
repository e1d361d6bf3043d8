package org.odap.log.store;

import java.nio.ByteBuffer;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * A batch on its way to every node: its number (8 bytes, big-endian), then what RocksDB makes of
 * it.
 */
final class NumberedBatch {
  private NumberedBatch() {}

  static byte[] encode(long number, WriteBatch writes) {
    try {
      byte[] data = writes.data();
      return ByteBuffer.allocate(Long.BYTES + data.length).putLong(number).put(data).array();
    } catch (RocksDBException e) {
      throw Database.failure("encode a batch", e);
    }
  }

  /** One that changes nothing but the number of the last batch. */
  static byte[] empty(long number) {
    try (WriteBatch nothing = new WriteBatch()) {
      return encode(number, nothing);
    }
  }

  static long number(ByteBuffer encoded) {
    return encoded.getLong(encoded.position());
  }

  static WriteBatch writes(ByteBuffer encoded) {
    byte[] data = new byte[encoded.remaining() - Long.BYTES];
    encoded.get(encoded.position() + Long.BYTES, data);
    return new WriteBatch(data);
  }
}
