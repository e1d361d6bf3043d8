package org.odap.core.resource;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The parts between the slashes of a descriptor. There is one spelling of each: what could be
 * written in two ways is refused, so that comparing text is comparing meaning.
 */
final class Segments {
  /**
   * RFC 3986 pchar, where percent-encoding is in upper case. Encoded slashes and dots are refused
   * below.
   */
  private static final Pattern SEGMENT =
      Pattern.compile("(?:[A-Za-z0-9._~!$&'()+,;=:@-]|%[0-9A-F]{2}){1,1024}");

  /** Percent-encoded characters that need no encoding, and the slash. */
  private static final Pattern NEEDLESS_ENCODING =
      Pattern.compile("%(?:2[DEF]|3[0-9]|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])");

  /** RFC 1123 host name in lower case. */
  private static final Pattern HOST =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
              + "(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*");

  private Segments() {}

  static boolean isSegment(String text) {
    return SEGMENT.matcher(text).matches()
        && !NEEDLESS_ENCODING.matcher(text).find()
        && !text.equals(".")
        && !text.equals("..");
  }

  static boolean isHost(String text) {
    return HOST.matcher(text).matches();
  }

  /** Host names are compared without regard to case; descriptors hold them in lower case. */
  static String host(String text) {
    return text.toLowerCase(Locale.ROOT);
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
