package org.odap.core.envelope;

import java.util.Arrays;

/** Grows with the JSON written into it; strings are escaped as RFC 8785 3.2.2.2 says. */
final class JsonBuffer {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  /** Most characters that one character of a string becomes: that of \\u001f. */
  private static final int LONGEST_ESCAPE = 6;

  private byte[] bytes;
  private int length;

  JsonBuffer() {
    this(2_048);
  }

  JsonBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, length);
  }

  /** One ASCII character. */
  void ascii(char c) {
    reserve(1);
    bytes[length++] = (byte) c;
  }

  /** Bytes that are JSON already. */
  void raw(byte[] json) {
    reserve(json.length);
    System.arraycopy(json, 0, bytes, length, json.length);
    length += json.length;
  }

  /** ASCII text that is JSON already. */
  void raw(String json) {
    for (int i = 0; i < json.length(); i++) {
      ascii(json.charAt(i));
    }
  }

  /** A JSON string; a lone surrogate in it is an IllegalArgumentException. */
  void string(String text) {
    reserve(Math.addExact(text.length(), 2));
    bytes[length++] = '"';
    int plain = putPlain(text);
    if (plain < text.length()) {
      putRest(text, plain);
    }
    bytes[length++] = '"';
  }

  /** Puts the characters that stand for themselves; gives the index of the first that does not. */
  private int putPlain(String text) {
    byte[] to = bytes;
    int at = length;
    int i = 0;
    for (int end = text.length(); i < end; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
        break;
      }
      to[at++] = (byte) c;
    }
    length = at;
    return i;
  }

  private void putRest(String text, int from) {
    reserve(Math.addExact(Math.multiplyExact(text.length() - from, LONGEST_ESCAPE), 1));
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        put7Bit(c);
      } else if (Character.isSurrogate(c)) {
        putSurrogates(text, i);
        i++;
      } else {
        putAbove7Bit(c);
      }
    }
  }

  private void put7Bit(char c) {
    if (c >= ' ' && c != '"' && c != '\\') {
      bytes[length++] = (byte) c;
      return;
    }
    bytes[length++] = '\\';
    switch (c) {
      case '"', '\\' -> bytes[length++] = (byte) c;
      case '\b' -> bytes[length++] = 'b';
      case '\t' -> bytes[length++] = 't';
      case '\n' -> bytes[length++] = 'n';
      case '\f' -> bytes[length++] = 'f';
      case '\r' -> bytes[length++] = 'r';
      default -> {
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = HEX[c >> 4];
        bytes[length++] = HEX[c & 0xf];
      }
    }
  }

  private void putAbove7Bit(char c) {
    if (c < 0x800) {
      bytes[length++] = (byte) (0xc0 | (c >> 6));
    } else {
      bytes[length++] = (byte) (0xe0 | (c >> 12));
      bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3f));
    }
    bytes[length++] = (byte) (0x80 | (c & 0x3f));
  }

  private void putSurrogates(String text, int index) {
    if (index + 1 == text.length()
        || !Character.isSurrogatePair(text.charAt(index), text.charAt(index + 1))) {
      throw new IllegalArgumentException("lone surrogate at index " + index + " of a string");
    }
    int codePoint = text.codePointAt(index);
    bytes[length++] = (byte) (0xf0 | (codePoint >> 18));
    bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
    bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
    bytes[length++] = (byte) (0x80 | (codePoint & 0x3f));
  }

  private void reserve(int more) {
    int needed = Math.addExact(length, more);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, Math.multiplyExact(bytes.length, 2)));
    }
  }
}
