package org.odap.runtime.rpc;

/** How ids and hashes are spelled in messages: hexadecimal digits with small letters. */
public final class FieldForms {
  private static final int UUID_LENGTH = 36;
  private static final int SHA256_LENGTH = 64;

  private FieldForms() {}

  /** A UUID as {@link java.util.UUID} prints it: session and transfer ids. */
  public static boolean isUuid(String text) {
    // Every append asks this: a regular expression shows in profiles.
    return text.length() == UUID_LENGTH
        && text.charAt(8) == '-'
        && text.charAt(13) == '-'
        && text.charAt(18) == '-'
        && text.charAt(23) == '-'
        && areDigits(text, 0, 8)
        && areDigits(text, 9, 13)
        && areDigits(text, 14, 18)
        && areDigits(text, 19, 23)
        && areDigits(text, 24, UUID_LENGTH);
  }

  /** A SHA-256. */
  public static boolean isSha256(String text) {
    return text.length() == SHA256_LENGTH && areDigits(text, 0, SHA256_LENGTH);
  }

  private static boolean areDigits(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return true;
  }
}
