package org.odap.runtime.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How a later step refers to an earlier one (ARCH 8: 3.3 to 2.3, 3.5 to 2.4, 3.7 to 3.3): SHA-256
 * of the transaction id's UTF-8 bytes, lower-case hex.
 */
public final class References {
  private References() {}

  /** The reference to a transaction of this ledger. */
  public static String to(String transactionId) {
    return sha256(transactionId.getBytes(StandardCharsets.UTF_8));
  }

  /** SHA-256 in lower-case hex. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
