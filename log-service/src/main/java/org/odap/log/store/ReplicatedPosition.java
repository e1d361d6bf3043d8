package org.odap.log.store;

import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.odap.log.entry.Checksummed;

/**
 * How far a node of a replicated log has come; stored with what it wrote last.
 *
 * @param term of the last entry of the Raft log that was written; 0 = none
 * @param index of that entry; -1 = none
 * @param number of batches written
 */
public record ReplicatedPosition(long term, long index, long number) {
  static final ReplicatedPosition NONE = new ReplicatedPosition(0, -1, 0);
  static final byte[] KEY = "position".getBytes(StandardCharsets.US_ASCII);

  byte[] seal() {
    ByteBuffer value = ByteBuffer.allocate(3 * Long.BYTES);
    value.putLong(term).putLong(index).putLong(number);
    return Checksummed.seal(KEY, UnsafeByteOperations.unsafeWrap(value.array()));
  }

  static Optional<ReplicatedPosition> open(byte[] sealed) {
    return Checksummed.open(KEY, sealed)
        .filter(value -> value.size() == 3 * Long.BYTES)
        .map(value -> {
          ByteBuffer bytes = value.asReadOnlyByteBuffer();
          return new ReplicatedPosition(bytes.getLong(), bytes.getLong(), bytes.getLong());
        });
  }
}
