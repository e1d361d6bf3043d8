package org.odap.log.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.odap.log.entry.LogId;

/**
 * A second, small record of what was last acknowledged, outside the database: where the latest logs
 * stood and the last epoch given. A database that lost the end of its write-ahead log looks like
 * one that never had it; this shows the difference.
 *
 * <p>It is written after the sync and before the answer, so the witness never knows more than what
 * was durable. It is mapped memory and not synced: it outlives the process, and after a power cut
 * it may know less, which only makes it a weaker witness. Owned by the committer's thread.
 */
final class Witness implements AutoCloseable {
  private static final int SLOT_LENGTH = 64;
  private static final int SLOTS = 4096;
  private static final int EPOCH_SLOT = 0;
  private static final int LENGTH_OFFSET = 4;
  private static final int NUMBER_OFFSET = 8;
  private static final int NAME_LENGTH_OFFSET = 16;
  private static final int NAME_OFFSET = 17;
  private static final int NAME_LENGTH_MAX = SLOT_LENGTH - NAME_OFFSET;

  private final Optional<FileChannel> file;
  private final ByteBuffer slots;
  private final byte[] slot = new byte[SLOT_LENGTH];
  private int next = EPOCH_SLOT + 1;

  /** What a log must have reached at least. */
  record Acknowledged(LogId log, int length, long revision) {}

  Witness(Path path) {
    try {
      FileChannel opened =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      file = Optional.of(opened);
      slots = opened.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * SLOT_LENGTH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Witness(ByteBuffer slots) {
    this.file = Optional.empty();
    this.slots = slots;
  }

  /** What a witness tells now; nothing is changed on disk, and one without file knows nothing. */
  static Witness reading(Path path) {
    byte[] known = new byte[SLOTS * SLOT_LENGTH];
    try {
      byte[] stored = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
      System.arraycopy(stored, 0, known, 0, Math.min(stored.length, known.length));
      return new Witness(ByteBuffer.wrap(known));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void acknowledge(LogId log, LogHead head) {
    byte[] name = log.key();
    if (name.length > NAME_LENGTH_MAX) {
      throw new IllegalArgumentException("log id too long for a witness: " + log);
    }
    write(next, head.length(), head.revision(), name);
    next = next + 1 == SLOTS ? EPOCH_SLOT + 1 : next + 1;
  }

  void acknowledgeEpoch(long epoch) {
    write(EPOCH_SLOT, 0, epoch, new byte[0]);
  }

  /** The last epoch given, as far as known; 0 = none. */
  long lastEpoch() {
    return read(EPOCH_SLOT).map(Acknowledged::revision).orElse(0L);
  }

  List<Acknowledged> logs() {
    List<Acknowledged> logs = new ArrayList<>();
    for (int i = EPOCH_SLOT + 1; i < SLOTS; i++) {
      read(i).ifPresent(logs::add);
    }
    return logs;
  }

  private void write(int index, int length, long number, byte[] name) {
    ByteBuffer at = slots.duplicate().slice(index * SLOT_LENGTH, SLOT_LENGTH);
    at.putInt(LENGTH_OFFSET, length);
    at.putLong(NUMBER_OFFSET, number);
    at.put(NAME_LENGTH_OFFSET, (byte) name.length);
    at.put(NAME_OFFSET, name);
    at.putInt(0, checksum(at));
  }

  /** Reads a slot; nothing when it is empty or was being written when the process died. */
  private Optional<Acknowledged> read(int index) {
    ByteBuffer at = slots.duplicate().slice(index * SLOT_LENGTH, SLOT_LENGTH);
    int nameLength = at.get(NAME_LENGTH_OFFSET);
    if (at.getInt(0) != checksum(at) || nameLength < 0 || nameLength > NAME_LENGTH_MAX) {
      return Optional.empty();
    }
    byte[] name = new byte[nameLength];
    at.get(NAME_OFFSET, name);
    return Optional.of(
        new Acknowledged(
            new LogId(new String(name, StandardCharsets.US_ASCII)),
            at.getInt(LENGTH_OFFSET),
            at.getLong(NUMBER_OFFSET)));
  }

  private int checksum(ByteBuffer at) {
    at.get(0, slot);
    CRC32C crc = new CRC32C();
    crc.update(slot, Integer.BYTES, SLOT_LENGTH - Integer.BYTES);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    try {
      if (file.isPresent()) {
        file.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
