package org.odap.log.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.odap.log.entry.Checksummed;
import org.odap.log.entry.Entry;

/**
 * Where a log stands.
 *
 * @param length number of entries; the last has this index
 * @param lastHash log_entry_hash of the last entry; empty when there is none
 * @param epoch lease of the owner, the only one who may write
 * @param closed whether the log has ended (its transfer has)
 * @param revision number of changes so far: one more with each append, claim or closing
 */
public record LogHead(int length, String lastHash, long epoch, boolean closed, long revision) {
  private static final byte FORMAT = 1;
  private static final int FIXED_LENGTH = 1 + 1 + Integer.BYTES + 2 * Long.BYTES;

  /** The head of a log that is about to be created. */
  static LogHead empty(long epoch) {
    return new LogHead(0, "", epoch, false, 0);
  }

  LogHead extendedTo(Entry last, boolean close) {
    return new LogHead(last.index(), last.hash(), epoch, close, revision + 1);
  }

  LogHead close() {
    return new LogHead(length, lastHash, epoch, true, revision + 1);
  }

  LogHead ownedBy(long newEpoch) {
    return new LogHead(length, lastHash, newEpoch, closed, revision + 1);
  }

  byte[] seal(byte[] key) {
    byte[] hash = lastHash.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes = ByteBuffer.allocate(FIXED_LENGTH + hash.length);
    bytes.put(FORMAT).put((byte) (closed ? 1 : 0));
    bytes.putInt(length).putLong(epoch).putLong(revision).put(hash);
    return Checksummed.seal(key, UnsafeByteOperations.unsafeWrap(bytes.array()));
  }

  static Optional<LogHead> open(byte[] key, byte[] sealed) {
    return Checksummed.open(key, sealed)
        .filter(value -> value.size() >= FIXED_LENGTH && value.byteAt(0) == FORMAT)
        .map(LogHead::decode);
  }

  private static LogHead decode(ByteString value) {
    ByteBuffer bytes = value.asReadOnlyByteBuffer();
    bytes.get();
    boolean closed = bytes.get() != 0;
    int length = bytes.getInt();
    long epoch = bytes.getLong();
    long revision = bytes.getLong();
    String lastHash = value.substring(FIXED_LENGTH).toString(StandardCharsets.US_ASCII);
    return new LogHead(length, lastHash, epoch, closed, revision);
  }
}
