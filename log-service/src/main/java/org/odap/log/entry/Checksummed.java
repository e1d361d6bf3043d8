package org.odap.log.entry;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The form in which values are stored: CRC32C over key and value, then the value. With the key in
 * the sum a value that turns up under another key is found, too.
 */
public final class Checksummed {
  private static final int CHECKSUM_LENGTH = Integer.BYTES;

  private Checksummed() {}

  /** Puts the checksum before a value. */
  public static byte[] seal(byte[] key, ByteString value) {
    byte[] sealed = new byte[CHECKSUM_LENGTH + value.size()];
    value.copyTo(sealed, CHECKSUM_LENGTH);
    ByteBuffer.wrap(sealed).putInt(checksum(key, sealed));
    return sealed;
  }

  /** Gives the value, or nothing when it is not the one that was sealed under this key. */
  public static Optional<ByteString> open(byte[] key, byte[] sealed) {
    if (sealed.length < CHECKSUM_LENGTH
        || ByteBuffer.wrap(sealed).getInt() != checksum(key, sealed)) {
      return Optional.empty();
    }
    return Optional.of(
        UnsafeByteOperations.unsafeWrap(sealed, CHECKSUM_LENGTH, sealed.length - CHECKSUM_LENGTH));
  }

  private static int checksum(byte[] key, byte[] sealed) {
    CRC32C crc = new CRC32C();
    crc.update(key);
    crc.update(sealed, CHECKSUM_LENGTH, sealed.length - CHECKSUM_LENGTH);
    return (int) crc.getValue();
  }
}
