package org.odap.log.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.log.access.LogAccess;
import org.odap.log.entry.Checksummed;
import org.odap.log.entry.Entry;
import org.odap.runtime.identity.Identity;

/**
 * Where a log stands.
 *
 * @param length number of entries; the last has this index
 * @param lastHash log_entry_hash of the last entry; empty when there is none
 * @param epoch lease of the owner, the only one who may write
 * @param closed whether the log has ended (its transfer has)
 * @param revision number of changes so far: one more with each append, claim or closing
 * @param access whom the log lets in
 */
public record LogHead(
    int length, String lastHash, long epoch, boolean closed, long revision, LogAccess access) {
  private static final byte FORMAT = 2;
  private static final int FIXED_LENGTH = 4 + Integer.BYTES + 2 * Long.BYTES;

  /** The head of a log that is about to be created. */
  static LogHead empty(Writer creator, Entry first) {
    return new LogHead(
        0, "", creator.epoch(), false, 0, new LogAccess(first.accessProfile(), creator.identity()));
  }

  LogHead extendedTo(Entry last, boolean close) {
    return new LogHead(last.index(), last.hash(), epoch, close, revision + 1, access);
  }

  LogHead close() {
    return new LogHead(length, lastHash, epoch, true, revision + 1, access);
  }

  LogHead ownedBy(long newEpoch) {
    return new LogHead(length, lastHash, newEpoch, closed, revision + 1, access);
  }

  byte[] seal(byte[] key) {
    byte[] hash = lastHash.getBytes(StandardCharsets.US_ASCII);
    byte[] creator = access.creator().uri().getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(FIXED_LENGTH + hash.length + creator.length);
    bytes.put(FORMAT).put((byte) (closed ? 1 : 0)).put(profileNumber()).put((byte) hash.length);
    bytes.putInt(length).putLong(epoch).putLong(revision).put(hash).put(creator);
    return Checksummed.seal(key, UnsafeByteOperations.unsafeWrap(bytes.array()));
  }

  /** One this version does not know lets in as few as the one that is not said. */
  private byte profileNumber() {
    return access.profile() == AccessControlProfile.UNRECOGNIZED
        ? 0
        : (byte) access.profile().getNumber();
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
    int profile = bytes.get();
    int creatorStart = FIXED_LENGTH + bytes.get();
    int length = bytes.getInt();
    long epoch = bytes.getLong();
    long revision = bytes.getLong();
    String lastHash =
        value.substring(FIXED_LENGTH, creatorStart).toString(StandardCharsets.US_ASCII);
    LogAccess access =
        new LogAccess(
            Optional.ofNullable(AccessControlProfile.forNumber(profile))
                .orElse(AccessControlProfile.ACCESS_CONTROL_PROFILE_UNSPECIFIED),
            new Identity(value.substring(creatorStart).toString(StandardCharsets.UTF_8)));
    return new LogHead(length, lastHash, epoch, closed, revision, access);
  }
}
