package org.odap.core.envelope;

import java.util.Base64;
import java.util.Optional;

/** base64url without padding, in its one canonical spelling (RFC 4648 3.5, 5). */
public final class Base64Url {
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private Base64Url() {}

  /** The bytes, if the text is their spelling. */
  public static Optional<byte[]> decode(String text) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      // Also refuses padding and stray bits at the end: two spellings of one value are one too
      // many.
      return ENCODER.encodeToString(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The one spelling of some bytes. */
  public static String encode(byte[] bytes) {
    return ENCODER.encodeToString(bytes);
  }
}
