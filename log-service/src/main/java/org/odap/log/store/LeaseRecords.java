package org.odap.log.store;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.odap.log.entry.Checksummed;
import org.odap.log.lease.Lease;

/** The form in which leases are stored. Key: the epoch; the last epoch given lies under key 0. */
final class LeaseRecords {
  static final byte[] LAST_EPOCH_KEY = key(0);

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
    ByteBuffer duration = ByteBuffer.allocate(Integer.BYTES).putInt(lease.durationMillis());
    ByteString value =
        ByteString.copyFrom(duration.flip()).concat(ByteString.copyFromUtf8(lease.holder()));
    return Checksummed.seal(key(lease.epoch()), value);
  }

  static Optional<Lease> open(byte[] key, byte[] sealed) {
    return Checksummed.open(key, sealed)
        .filter(value -> key.length == Long.BYTES && value.size() >= Integer.BYTES)
        .map(value ->
            new Lease(
                ByteBuffer.wrap(key).getLong(),
                value.substring(Integer.BYTES).toString(StandardCharsets.UTF_8),
                value.asReadOnlyByteBuffer().getInt()));
  }
}
