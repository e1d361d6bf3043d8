package org.odap.ledger.ethereum.escrow;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.odap.api.common.v1.LogAnchor;
import org.web3j.utils.Numeric;

/**
 * A call of the escrow with the hash of the gateway's log behind its arguments (recovery-01 4.4).
 *
 * <p>The escrow reads its arguments and no further; the chain keeps the whole call, under the
 * account's signature, in the transaction that does the step: one is not there without the other.
 * After the arguments come 8 letters, the entry's number in 8 bytes, and its hash in 32.
 */
public final class AnchoredCall {
  private static final byte[] MARK = "odap-log".getBytes(StandardCharsets.US_ASCII);
  private static final int HASH_BYTES = 32;
  private static final int ANCHOR_BYTES = MARK.length + Long.BYTES + HASH_BYTES;

  private AnchoredCall() {}

  /** The call with an anchor behind it; 0x-hex both. */
  public static String of(String data, LogAnchor anchor) {
    byte[] tail =
        ByteBuffer.allocate(ANCHOR_BYTES)
            .put(MARK)
            .putLong(anchor.getSeqNumber())
            .put(Numeric.hexStringToByteArray(anchor.getLogEntryHash()))
            .array();
    return data + HexFormat.of().formatHex(tail);
  }

  /** The anchor behind a transaction's call, where there is one. */
  public static Optional<LogAnchor> anchorOf(String data) {
    byte[] call = Numeric.hexStringToByteArray(data);
    int start = call.length - ANCHOR_BYTES;
    if (start < 0 || !Arrays.equals(call, start, start + MARK.length, MARK, 0, MARK.length)) {
      return Optional.empty();
    }
    ByteBuffer tail = ByteBuffer.wrap(call, start + MARK.length, ANCHOR_BYTES - MARK.length);
    long number = tail.getLong();
    byte[] hash = new byte[HASH_BYTES];
    tail.get(hash);
    return number > 0 && number <= Integer.MAX_VALUE
        ? Optional.of(
            LogAnchor.newBuilder()
                .setSeqNumber((int) number)
                .setLogEntryHash(HexFormat.of().formatHex(hash))
                .build())
        : Optional.empty();
  }
}
