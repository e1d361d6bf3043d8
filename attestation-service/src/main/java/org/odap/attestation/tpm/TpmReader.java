package org.odap.attestation.tpm;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads one structure field by field and refuses what is not there.
 *
 * <p>Invariant: 0 <= position <= length; no read changes the position unless all its bytes exist.
 */
final class TpmReader {
  private final String structure;
  private final ByteBuffer bytes;

  /** Reads numbers as the TPM writes them, big-endian. */
  TpmReader(String structure, ByteString bytes) {
    this(structure, bytes, ByteOrder.BIG_ENDIAN);
  }

  TpmReader(String structure, ByteString bytes, ByteOrder order) {
    this.structure = structure;
    this.bytes = bytes.asReadOnlyByteBuffer().order(order);
  }

  int u8(String field) throws TpmFormatException {
    need(field, Byte.BYTES);
    return Byte.toUnsignedInt(bytes.get());
  }

  int u16(String field) throws TpmFormatException {
    need(field, Short.BYTES);
    return Short.toUnsignedInt(bytes.getShort());
  }

  long u32(String field) throws TpmFormatException {
    need(field, Integer.BYTES);
    return Integer.toUnsignedLong(bytes.getInt());
  }

  /** All 64 bits; a value above Long.MAX_VALUE is negative. */
  long u64(String field) throws TpmFormatException {
    need(field, Long.BYTES);
    return bytes.getLong();
  }

  ByteString bytes(String field, int length) throws TpmFormatException {
    need(field, length);
    byte[] read = new byte[length];
    bytes.get(read);
    return ByteString.copyFrom(read);
  }

  /** A TPM2B: two bytes of length, then so many. */
  ByteString sized(String field, int lengthMax) throws TpmFormatException {
    int length = u16(field + ".size");
    if (length > lengthMax) {
      throw value(field + ".size", length, "at most " + lengthMax);
    }
    return bytes(field, length);
  }

  /** A hash algorithm's identifier. */
  HashAlgorithm hash(String field) throws TpmFormatException {
    int id = u16(field);
    return HashAlgorithm.of(id)
        .orElseThrow(() -> value(field, "0x%04x".formatted(id), "a known hash algorithm"));
  }

  boolean atEnd() {
    return !bytes.hasRemaining();
  }

  /** Ends the structure: nothing may follow. */
  void end() throws TpmFormatException {
    if (bytes.hasRemaining()) {
      throw new TpmFormatException(
          structure, bytes.remaining() + " bytes after its end (expected: none)");
    }
  }

  /** What is wrong with a field of this structure. */
  TpmFormatException value(String field, Object value, String expected) {
    return TpmFormatException.value(structure + "." + field, value, expected);
  }

  private void need(String field, int length) throws TpmFormatException {
    if (bytes.remaining() < length) {
      throw value(field, bytes.remaining() + " bytes left", length + " bytes");
    }
  }
}
