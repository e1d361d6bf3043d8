package org.odap.core.log;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.odap.core.envelope.Hash;

/** Ids of sessions and logs that follow from a name, so that who knows the name finds them. */
public final class DerivedId {
  private DerivedId() {}

  /** A version 8 UUID (RFC 9562) out of the name's SHA-256, lower case with hyphens. */
  public static String of(String name) {
    String digest = Hash.of(name.getBytes(StandardCharsets.UTF_8));
    long high = (Long.parseUnsignedLong(digest.substring(0, 16), 16) & ~0xF000L) | 0x8000L;
    long low =
        (Long.parseUnsignedLong(digest.substring(16, 32), 16) & 0x3FFFFFFFFFFFFFFFL)
            | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
