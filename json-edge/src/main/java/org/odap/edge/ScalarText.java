package org.odap.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.odap.runtime.rpc.OdapException;

/** Values of single fields out of text, by the protobuf JSON mapping, and nothing beside it. */
final class ScalarText {
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,19})");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]{0,99})(\\.[0-9]{1,99})?([eE][+-]?[0-9]{1,3})?");
  private static final BigInteger UINT64_MAX = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
  private static final BigInteger INT64_MIN = BigInteger.valueOf(Long.MIN_VALUE);
  private static final BigInteger INT64_MAX = BigInteger.valueOf(Long.MAX_VALUE);

  /** Above it a JSON number has passed through a double somewhere, sooner or later. */
  private static final BigInteger EXACT_IN_DOUBLE_MAX =
      BigInteger.TWO.pow(53).subtract(BigInteger.ONE);

  private ScalarText() {}

  /** The value of a text or of a path's or query's word. */
  static Object ofText(FieldDescriptor field, String text, String path) {
    return switch (field.getType()) {
      case STRING -> string(text, path);
      case BYTES -> bytes(text, path);
      case ENUM -> enumValue(field, text, path);
      case FLOAT, DOUBLE -> decimal(field, text, path);
      case BOOL -> throw Mistakes.invalid(path, "a text (expected: true or false)");
      case GROUP, MESSAGE -> throw Mistakes.invalid(path, "a text (expected: an object)");
      default -> whole(field, text, path);
    };
  }

  /** The value of a word of a path or query, where everything is text. */
  static Object ofWord(FieldDescriptor field, String word, String path) {
    if (field.getType() == FieldDescriptor.Type.BOOL) {
      return switch (word) {
        case "true" -> true;
        case "false" -> false;
        default -> throw Mistakes.invalid(path, "not a boolean (expected: true or false)");
      };
    }
    if (field.getType() == FieldDescriptor.Type.ENUM && WHOLE.matcher(word).matches()) {
      return enumNumber(field, word, path);
    }
    return ofText(field, word, path);
  }

  /** The value of a JSON number, as it was written. */
  static Object ofNumber(FieldDescriptor field, String digits, String path) {
    return switch (field.getType()) {
      case STRING, BYTES -> throw Mistakes.invalid(path, "a number (expected: a text)");
      case BOOL -> throw Mistakes.invalid(path, "a number (expected: true or false)");
      case GROUP, MESSAGE -> throw Mistakes.invalid(path, "a number (expected: an object)");
      case ENUM -> enumNumber(field, digits, path);
      case FLOAT, DOUBLE -> decimal(field, digits, path);
      default -> {
        Object value = whole(field, digits, path);
        if (value instanceof Long
            && new BigInteger(digits).abs().compareTo(EXACT_IN_DOUBLE_MAX) > 0) {
          throw Mistakes.invalid(
              path,
              "a number beyond 2^53 that others would round (expected: the number as a text)");
        }
        yield value;
      }
    };
  }

  private static Object whole(FieldDescriptor field, String digits, String path) {
    if (!WHOLE.matcher(digits).matches()) {
      throw Mistakes.invalid(path, "not a whole number (expected: digits without exponent)");
    }
    BigInteger value = new BigInteger(digits);
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32 ->
          within(
                  value,
                  BigInteger.valueOf(Integer.MIN_VALUE),
                  BigInteger.valueOf(Integer.MAX_VALUE),
                  path)
              .intValue();
      case UINT32, FIXED32 ->
          within(value, BigInteger.ZERO, BigInteger.valueOf(0xFFFFFFFFL), path).intValue();
      case UINT64, FIXED64 -> within(value, BigInteger.ZERO, UINT64_MAX, path).longValue();
      default -> within(value, INT64_MIN, INT64_MAX, path).longValue();
    };
  }

  private static BigInteger within(BigInteger value, BigInteger min, BigInteger max, String path) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      throw Mistakes.invalid(path, "value: " + value + " (expected: " + min + " to " + max + ")");
    }
    return value;
  }

  private static Object decimal(FieldDescriptor field, String text, String path) {
    if (!DECIMAL.matcher(text).matches()) {
      throw Mistakes.invalid(path, "not a number (expected: a finite decimal number)");
    }
    double value = Double.parseDouble(text);
    boolean isFloat = field.getType() == FieldDescriptor.Type.FLOAT;
    if (Double.isInfinite(value) || (isFloat && Float.isInfinite((float) value))) {
      throw Mistakes.invalid(path, "too big a number");
    }
    return isFloat ? (Object) (float) value : (Object) value;
  }

  static String string(String text, String path) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw Mistakes.invalid(path, "half a character (expected: Unicode text)");
    }
    return text;
  }

  private static ByteString bytes(String text, String path) {
    String plain = text.replace('-', '+').replace('_', '/').replaceFirst("={1,2}$", "");
    try {
      byte[] bytes = Base64.getDecoder().decode(plain);
      // Spare bits and misplaced padding would give one value two spellings.
      boolean isExact = Base64.getEncoder().withoutPadding().encodeToString(bytes).equals(plain);
      boolean isPadded = text.length() == plain.length() || text.length() % 4 == 0;
      if (isExact && isPadded) {
        return ByteString.copyFrom(bytes);
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw Mistakes.invalid(path, "not base64 (expected: RFC 4648, either alphabet)");
  }

  private static EnumValueDescriptor enumValue(FieldDescriptor field, String name, String path) {
    return Optional.ofNullable(field.getEnumType().findValueByName(name))
        .orElseThrow(() ->
            Mistakes.invalid(
                path,
                "value: "
                    + Mistakes.shown(name)
                    + " (expected: a name of "
                    + field.getEnumType().getFullName()
                    + ")"));
  }

  private static EnumValueDescriptor enumNumber(FieldDescriptor field, String digits, String path) {
    if (!WHOLE.matcher(digits).matches() || digits.length() > 10) {
      throw Mistakes.invalid(path, "not a value of " + field.getEnumType().getFullName());
    }
    long number = Long.parseLong(digits);
    return Optional.of(number)
        .filter(n -> n == n.intValue())
        .map(n -> field.getEnumType().findValueByNumber(n.intValue()))
        .orElseThrow(() ->
            Mistakes.invalid(
                path,
                "value: "
                    + digits
                    + " (expected: a value of "
                    + field.getEnumType().getFullName()
                    + ")"));
  }

  /** For a field that was cut off from its maker: what a caller may have meant. */
  static OdapException wrongKind(FieldDescriptor field, String given, String path) {
    String expected =
        switch (field.getJavaType()) {
          case MESSAGE -> "an object";
          case BOOLEAN -> "true or false";
          case STRING, BYTE_STRING -> "a text";
          case ENUM -> "a name of " + field.getEnumType().getFullName();
          default -> "a number";
        };
    return Mistakes.invalid(path, given + " (expected: " + expected + ")");
  }
}
