package org.odap.core.resource;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The parts between the slashes of a descriptor. There is one spelling of each: what could be
 * written in two ways is refused, so that comparing text is comparing meaning.
 */
final class Segments {
  private static final String HEX = "0123456789ABCDEF";

  /** What may stand in a segment besides letters and digits (RFC 3986 3.3, pchar). */
  private static final String PUNCTUATION = "-._~!$&'()+,;=:@";

  /** RFC 1123 host name in lower case. */
  private static final Pattern HOST =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
              + "(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*");

  private Segments() {}

  static boolean isSegment(String text) {
    if (text.isEmpty() || text.equals(".") || text.equals("..")) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (isPlain(text.charAt(i))) {
        continue;
      }
      if (!isNeededEncoding(text, i)) {
        return false;
      }
      i += 2;
    }
    return true;
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || PUNCTUATION.indexOf(c) >= 0;
  }

  /** "%" and two upper-case hex digits, for what can't stand unencoded. A slash never belongs. */
  private static boolean isNeededEncoding(String text, int index) {
    if (text.charAt(index) != '%' || index + 2 >= text.length()) {
      return false;
    }
    int high = HEX.indexOf(text.charAt(index + 1));
    int low = HEX.indexOf(text.charAt(index + 2));
    char encoded = (char) (high * 16 + low);
    return high >= 0 && low >= 0 && !isPlain(encoded) && encoded != '/' && encoded >= ' ';
  }

  static boolean isHost(String text) {
    return HOST.matcher(text).matches();
  }

  /** Host names are compared without regard to case; descriptors hold them in lower case. */
  static String host(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Any text as one segment, in its one spelling; the reverse of {@link #decode}. */
  static String encode(String text) {
    StringBuilder segment = new StringBuilder();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (one & 0xFF);
      if (isPlain(c)) {
        segment.append(c);
      } else {
        segment.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 0xF));
      }
    }
    return segment.toString();
  }

  /** The text a segment stands for. */
  static String decode(String segment) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < segment.length(); i++) {
      if (segment.charAt(i) == '%') {
        bytes.write(Integer.parseInt(segment.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(segment.charAt(i));
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /** All parts, empty ones too. */
  static List<String> split(String text) {
    return List.of(text.split("/", -1));
  }

  static String requireSegment(String name, String text) {
    if (!isSegment(text)) {
      throw new IllegalArgumentException(name + " is not a segment of a descriptor: " + text);
    }
    return text;
  }

  static String requireHost(String name, String text) {
    if (!isHost(text)) {
      throw new IllegalArgumentException(name + " is not a host name in lower case: " + text);
    }
    return text;
  }
}
