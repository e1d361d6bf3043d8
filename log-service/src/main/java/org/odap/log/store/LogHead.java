package org.odap.log.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
 * @param standing whether it goes on
 * @param revision number of changes so far: one more with each append, claim or closing
 * @param access whom the log lets in
 * @param archive the archive that has the entries; empty unless it stands archived
 */
public record LogHead(
    int length,
    String lastHash,
    long epoch,
    Standing standing,
    long revision,
    LogAccess access,
    String archive) {
  /** Whether a log goes on. The numbers are stored. */
  public enum Standing {
    /** It does. */
    OPEN(0),
    /** Its transfer has ended. */
    CLOSED(1),
    /** It was open when a backup was made that was restored; an operator has to release it. */
    HELD(2),
    /** It was closed, and its entries are in an archive now: the head tells that it existed. */
    ARCHIVED(3);

    private final byte number;

    Standing(int number) {
      this.number = (byte) number;
    }

    private static Optional<Standing> of(byte number) {
      return Arrays.stream(values()).filter(one -> one.number == number).findFirst();
    }
  }

  private static final byte FORMAT = 2;
  private static final int FIXED_LENGTH = 4 + Integer.BYTES + 2 * Long.BYTES;

  /** The head of a log that is about to be created. */
  static LogHead empty(Writer creator, Entry first) {
    return new LogHead(
        0,
        "",
        creator.epoch(),
        Standing.OPEN,
        0,
        new LogAccess(first.accessProfile(), creator.identity()),
        "");
  }

  /** Whether the log has ended (its transfer has). */
  public boolean closed() {
    return standing == Standing.CLOSED || archived();
  }

  /** Whether the entries are no longer here. */
  public boolean archived() {
    return standing == Standing.ARCHIVED;
  }

  /** Whether it waits for an operator. */
  public boolean held() {
    return standing == Standing.HELD;
  }

  LogHead extendedTo(Entry last, boolean close) {
    return new LogHead(
        last.index(),
        last.hash(),
        epoch,
        close ? Standing.CLOSED : Standing.OPEN,
        revision + 1,
        access,
        "");
  }

  LogHead close() {
    return standing(Standing.CLOSED, "");
  }

  LogHead hold() {
    return standing(Standing.HELD, "");
  }

  LogHead release() {
    return standing(Standing.OPEN, "");
  }

  LogHead archivedIn(String name) {
    return standing(Standing.ARCHIVED, name);
  }

  private LogHead standing(Standing now, String archiveNow) {
    return new LogHead(length, lastHash, epoch, now, revision + 1, access, archiveNow);
  }

  LogHead ownedBy(long newEpoch) {
    return new LogHead(length, lastHash, newEpoch, standing, revision + 1, access, archive);
  }

  byte[] seal(byte[] key) {
    byte[] hash = lastHash.getBytes(StandardCharsets.US_ASCII);
    byte[] creator = access.creator().uri().getBytes(StandardCharsets.UTF_8);
    byte[] name = archive.getBytes(StandardCharsets.US_ASCII);
    int nameLength = archived() ? 1 + name.length : 0;
    ByteBuffer bytes =
        ByteBuffer.allocate(FIXED_LENGTH + hash.length + nameLength + creator.length);
    bytes.put(FORMAT).put(standing.number).put(profileNumber()).put((byte) hash.length);
    bytes.putInt(length).putLong(epoch).putLong(revision).put(hash);
    if (archived()) {
      bytes.put((byte) name.length).put(name);
    }
    bytes.put(creator);
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
        .flatMap(
            value -> Standing.of(value.byteAt(1)).map(standing -> LogHead.decode(value, standing)));
  }

  private static LogHead decode(ByteString value, Standing standing) {
    ByteBuffer bytes = value.asReadOnlyByteBuffer();
    bytes.get();
    bytes.get();
    int profile = bytes.get();
    int hashEnd = FIXED_LENGTH + bytes.get();
    int length = bytes.getInt();
    long epoch = bytes.getLong();
    long revision = bytes.getLong();
    String lastHash = value.substring(FIXED_LENGTH, hashEnd).toString(StandardCharsets.US_ASCII);
    boolean archived = standing == Standing.ARCHIVED;
    int creatorStart = archived ? hashEnd + 1 + value.byteAt(hashEnd) : hashEnd;
    String archive =
        archived
            ? value.substring(hashEnd + 1, creatorStart).toString(StandardCharsets.US_ASCII)
            : "";
    LogAccess access =
        new LogAccess(
            Optional.ofNullable(AccessControlProfile.forNumber(profile))
                .orElse(AccessControlProfile.ACCESS_CONTROL_PROFILE_UNSPECIFIED),
            new Identity(value.substring(creatorStart).toString(StandardCharsets.UTF_8)));
    return new LogHead(length, lastHash, epoch, standing, revision, access, archive);
  }
}
