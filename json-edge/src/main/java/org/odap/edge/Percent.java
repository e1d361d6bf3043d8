package org.odap.edge;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Paths and queries without their percent signs (RFC 3986); half an escape is a mistake. */
final class Percent {
  private Percent() {}

  /** A parameter of a query. */
  record Parameter(String name, String value) {}

  /** A query's parameters in their order. */
  static List<Parameter> query(String query) {
    List<Parameter> parameters = new ArrayList<>();
    if (query.isEmpty()) {
      return parameters;
    }
    for (String pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals < 0) {
        throw Mistakes.malformed("a parameter without value (expected: name=value)");
      }
      parameters.add(
          new Parameter(
              decode(pair.substring(0, equals).replace('+', ' ')),
              decode(pair.substring(equals + 1).replace('+', ' '))));
    }
    return parameters;
  }

  /** One segment of a path, or one word of a query. */
  static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > 0x7f) {
        throw Mistakes.malformed("not ASCII in the address (expected: percent signs)");
      }
      if (c != '%') {
        bytes.write(c);
        continue;
      }
      int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (high < 0 || low < 0) {
        throw Mistakes.malformed("half an escape in the address (expected: % and two hex digits)");
      }
      bytes.write(high << 4 | low);
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw Mistakes.malformed("not UTF-8 in the address");
    }
  }
}
