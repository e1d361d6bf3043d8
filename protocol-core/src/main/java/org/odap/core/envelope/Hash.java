package org.odap.core.envelope;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, the hash of messages, payloads, profiles and log entries; written in lower-case hex. */
public final class Hash {
  /** Characters of a hash. */
  public static final int LENGTH = 64;

  private static final HexFormat HEX = HexFormat.of();

  private Hash() {}

  public static String of(byte[] bytes) {
    try {
      return HEX.formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether the text is a hash as this suite writes it. */
  public static boolean isHash(String text) {
    if (text.length() != LENGTH) {
      return false;
    }
    for (int i = 0; i < LENGTH; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /** The 32 bytes of a hash; what is not a hash is an IllegalArgumentException. */
  public static byte[] bytes(String hash) {
    if (!isHash(hash)) {
      throw new IllegalArgumentException("not a SHA-256 hash in lower-case hex: " + hash);
    }
    return HEX.parseHex(hash);
  }
}
