package org.odap.ledger.fabric.development.ledger;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.hyperledger.fabric.protos.common.Block;

/**
 * The chain as one file that is only appended to: each block with its length and checksum before
 * it, on disk before anybody hears of it. A block that was cut off by a crash is cut off for good
 * when the file is opened.
 *
 * <p>Written by one thread at a time; read by any.
 */
final class BlockFile implements AutoCloseable {
  private static final int HEADER_BYTES = 2 * Integer.BYTES;

  private record Place(long offset, int length) {}

  private final FileChannel file;
  private final List<Place> places = new ArrayList<>();
  private long end;

  private BlockFile(FileChannel file) {
    this.file = file;
  }

  static BlockFile open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new IOException(path + ": in use by another process");
    }
    BlockFile blocks = new BlockFile(channel);
    blocks.index();
    return blocks;
  }

  private void index() throws IOException {
    long size = file.size();
    while (end + HEADER_BYTES <= size) {
      ByteBuffer header = read(end, HEADER_BYTES);
      int length = header.getInt();
      if (length <= 0 || end + HEADER_BYTES + length > size) {
        break;
      }
      if (header.getInt() != checksum(read(end + HEADER_BYTES, length))) {
        break;
      }
      places.add(new Place(end + HEADER_BYTES, length));
      end += HEADER_BYTES + length;
    }
    file.truncate(end);
  }

  /** How many blocks there are: the number of the next. */
  synchronized long height() {
    return places.size();
  }

  /** Writes a block; it is on disk when this returns. */
  void append(Block block) {
    byte[] bytes = block.toByteArray();
    ByteBuffer record = ByteBuffer.allocate(HEADER_BYTES + bytes.length);
    record.putInt(bytes.length).putInt(checksum(ByteBuffer.wrap(bytes))).put(bytes).flip();
    try {
      long offset = end;
      while (record.hasRemaining()) {
        offset += file.write(record, offset);
      }
      file.force(false);
    } catch (IOException e) {
      throw new UncheckedIOException("block can't be written", e);
    }
    synchronized (this) {
      places.add(new Place(end + HEADER_BYTES, bytes.length));
      end += HEADER_BYTES + bytes.length;
    }
  }

  /** A block there is: 0 &lt;= number &lt; height. */
  Block read(long number) {
    Place place;
    synchronized (this) {
      place = places.get(Math.toIntExact(number));
    }
    try {
      return Block.parseFrom(read(place.offset(), place.length()));
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException("block " + number + " has a right checksum", e);
    } catch (IOException e) {
      throw new UncheckedIOException("block " + number + " can't be read", e);
    }
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, offset + bytes.position()) < 0) {
        throw new IOException("file ends before byte " + (offset + length));
      }
    }
    return bytes.flip();
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
