package org.odap.log.entry;

/** Hexadecimal digits as ids and hashes are written: the letters small. */
final class Hex {
  private Hex() {}

  /** Whether a part of a text has no other characters. */
  static boolean areDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
