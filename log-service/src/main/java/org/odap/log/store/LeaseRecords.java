package org.odap.log.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.odap.log.entry.Checksummed;
import org.odap.log.lease.Lease;
import org.odap.runtime.identity.Identity;

/** The form in which leases are stored. Key: the epoch; the last epoch given lies under key 0. */
final class LeaseRecords {
  static final byte[] LAST_EPOCH_KEY = key(0);
  private static final int FIXED_LENGTH = 2 * Integer.BYTES;

  private LeaseRecords() {}

  static byte[] key(long epoch) {
    return ByteBuffer.allocate(Long.BYTES).putLong(epoch).array();
  }

  static byte[] sealLastEpoch(long epoch) {
    return Checksummed.seal(LAST_EPOCH_KEY, UnsafeByteOperations.unsafeWrap(key(epoch)));
  }

  static Optional<Long> openLastEpoch(byte[] sealed) {
    return Checksummed.open(LAST_EPOCH_KEY, sealed)
        .filter(value -> value.size() == Long.BYTES)
        .map(value -> value.asReadOnlyByteBuffer().getLong());
  }

  static byte[] seal(Lease lease) {
    byte[] holder = lease.holder().getBytes(StandardCharsets.UTF_8);
    byte[] identity = lease.identity().uri().getBytes(StandardCharsets.UTF_8);
    ByteBuffer value = ByteBuffer.allocate(FIXED_LENGTH + holder.length + identity.length);
    value.putInt(lease.durationMillis()).putInt(holder.length).put(holder).put(identity);
    return Checksummed.seal(key(lease.epoch()), UnsafeByteOperations.unsafeWrap(value.array()));
  }

  static Optional<Lease> open(byte[] key, byte[] sealed) {
    return Checksummed.open(key, sealed)
        .filter(value -> key.length == Long.BYTES && value.size() >= FIXED_LENGTH)
        .map(value -> decode(ByteBuffer.wrap(key).getLong(), value));
  }

  private static Lease decode(long epoch, ByteString value) {
    ByteBuffer bytes = value.asReadOnlyByteBuffer();
    int durationMillis = bytes.getInt();
    int identityStart = FIXED_LENGTH + bytes.getInt();
    return new Lease(
        epoch,
        value.substring(FIXED_LENGTH, identityStart).toString(StandardCharsets.UTF_8),
        new Identity(value.substring(identityStart).toString(StandardCharsets.UTF_8)),
        durationMillis);
  }
}
