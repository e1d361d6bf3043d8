package org.odap.core.envelope;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import java.math.BigInteger;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.odap.core.resource.ClientDescriptor;
import org.odap.core.resource.ResourceDescriptor;

/**
 * What a field's value must look like when it is given.
 *
 * @param expected for a person: what would be well formed
 * @param pattern as much of it as a JSON Schema's regular expression can say; empty = nothing
 * @param max largest number taken; 0 = whatever the type holds, or no number
 * @param fits whether a single value, an element of a list or a map's value, is well formed
 */
record Form(String expected, String pattern, int max, Predicate<Object> fits) {
  /** Instants after the year 9999 have no RFC 3339 spelling. */
  private static final long LAST_MILLIS = 253_402_300_799_999L;

  private static final BigInteger UINT256_END = BigInteger.ONE.shiftLeft(256);
  private static final int UINT256_DIGITS = 78;
  private static final int MAX_KEY_LENGTH = 1_024;
  private static final String ONE_LINE = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$";
  private static final String LINES =
      "^[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]*$";
  private static final String JWE =
      "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$";
  private static final Pattern JWE_PATTERN = Pattern.compile(JWE);
  private static final String JWT = "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$";
  private static final Pattern JWT_PATTERN = Pattern.compile(JWT);
  private static final String URI_CHARACTERS = "[A-Za-z0-9._~:/?#\\[\\]@!$&'()*+,;=%-]+$";

  /** Anything its protobuf type can hold. */
  static final Form ANYTHING = new Form("anything", "", 0, value -> true);

  static final Form HASH = string("64 lower-case hex digits", "^[0-9a-f]{64}$", Hash::isHash);
  static final Form GATEWAY_KEY =
      string(
          "a P-256 key: base64url of its SPKI DER",
          "^[A-Za-z0-9_-]{122}$",
          key -> PublicKeys.parse(key).isPresent());
  static final Form ACCOUNT_KEY =
      string("a key: base64url of its SPKI DER", "^[A-Za-z0-9_-]{1,1024}$", Form::isSpki);
  static final Form UINT256 =
      string("a decimal uint256 without leading zeros", "^(0|[1-9][0-9]{0,77})$", Form::isUint256);
  static final Form POSITIVE_UINT256 =
      string(
          "a decimal uint256 above 0 without leading zeros",
          "^[1-9][0-9]{0,77}$",
          text -> isUint256(text) && !text.equals("0"));
  static final Form DATE =
      string(
          "a date like 2030-12-31",
          "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
          Form::isDate);
  static final Form RESOURCE =
      string(
          "odapres://organization/gateway/dlt[/resource]",
          "^odapres://",
          text -> ResourceDescriptor.parse(text).filter(r -> !r.dlt().isEmpty()).isPresent());
  static final Form CLIENT =
      string(
          "odapclient:organization/gateway/unit/name",
          "^odapclient:",
          text -> ClientDescriptor.parse(text).isPresent());
  static final Form EMPTY = string("nothing here", "^$", String::isEmpty);

  /** RFC 9562, of any version; the draft says "UUIDv2" and shows version 4. */
  static final Form UUID =
      matching(
          "a UUID in lower case",
          "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

  /** Of an issuer over a profile; its key says whether it is the right one. */
  static final Form ISSUER_SIGNATURE =
      matching("an ES256 signature: 86 characters of base64url", "[A-Za-z0-9_-]{86}");

  static final Form COUNTRY = matching("an ISO 3166-1 alpha-2 code", "[A-Z]{2}");
  static final Form VERSION_NUMBER =
      matching("a version like 1 or 1.2.3, at most 32 characters", "(?=.{1,32}$)\\d+(\\.\\d+)*");
  static final Form PHASE = oneOf("p0", "p1", "p2", "p3");

  static final Form MILLIS =
      new Form(
          "UNIX milliseconds above 0, before the year 10000",
          "^[1-9][0-9]{0,14}$",
          0,
          value -> (Long) value > 0 && (Long) value <= LAST_MILLIS);

  /** A named value: an enum's number that this version has no name for says nothing. */
  static final Form NAMED =
      new Form(
          "a value named in the schema",
          "",
          0,
          value -> ((EnumValueDescriptor) value).getIndex() >= 0);

  /** Text on one line: it may end up in logs and on screens. */
  static Form text(int maxLength) {
    return string(
        "text of at most " + maxLength + " characters on one line",
        ONE_LINE,
        text -> isAtMost(text, maxLength) && isWithoutControls(text, ""));
  }

  /** Text that may have several lines: JSON, PEM. */
  static Form lines(int maxLength) {
    return string(
        "text of at most " + maxLength + " characters",
        LINES,
        text -> isAtMost(text, maxLength) && isWithoutControls(text, "\n\r\t"));
  }

  static Form uri(int maxLength) {
    return string(
        "a URI of at most " + maxLength + " characters",
        "^[A-Za-z][A-Za-z0-9+.-]*:" + URI_CHARACTERS,
        text -> isAtMost(text, maxLength) && isAbsoluteUri(text, Set.of()));
  }

  static Form url(int maxLength) {
    return string(
        "an http or https URL of at most " + maxLength + " characters",
        "^https?://" + URI_CHARACTERS,
        text -> isAtMost(text, maxLength) && isAbsoluteUri(text, Set.of("http", "https")));
  }

  /** RFC 7516 3.1: header, encrypted key (none for ECDH-ES), initialization vector, text, tag. */
  static Form jwe(int maxLength) {
    return string(
        "a JWE in compact form of at most " + maxLength + " characters",
        JWE,
        text -> text.length() <= maxLength && JWE_PATTERN.matcher(text).matches());
  }

  static Form jwt(int maxLength) {
    return string(
        "a signed JWT in compact form of at most " + maxLength + " characters",
        JWT,
        text -> text.length() <= maxLength && JWT_PATTERN.matcher(text).matches());
  }

  static Form oneOf(String... allowed) {
    return string(
        "one of " + String.join(", ", allowed),
        "^(" + String.join("|", allowed) + ")$",
        Set.of(allowed)::contains);
  }

  static Form matching(String expected, String regex) {
    return string(expected, "^" + regex + "$", Pattern.compile(regex).asMatchPredicate());
  }

  /** A 32-bit number; a negative value is one above 2^31-1. */
  static Form atMost(int max) {
    return new Form(
        "a number of at most " + max,
        "",
        max,
        value -> (Integer) value >= 0 && (Integer) value <= max);
  }

  /** Whether a map's key is well formed. */
  static boolean isKey(String key, int maxLength) {
    return !key.isEmpty() && text(Math.min(maxLength, MAX_KEY_LENGTH)).fits().test(key);
  }

  private static Form string(String expected, String pattern, Predicate<String> fits) {
    return new Form(expected, pattern, 0, value -> fits.test((String) value));
  }

  /** Characters are Unicode code points; the cheap comparison settles nearly all cases. */
  private static boolean isAtMost(String text, int maxLength) {
    return text.length() <= maxLength || text.codePointCount(0, text.length()) <= maxLength;
  }

  private static boolean isWithoutControls(String text, String except) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) && except.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isUint256(String text) {
    return !text.isEmpty()
        && text.length() <= UINT256_DIGITS
        && text.chars().allMatch(c -> c >= '0' && c <= '9')
        && (text.length() == 1 || text.charAt(0) != '0')
        && new BigInteger(text).compareTo(UINT256_END) < 0;
  }

  private static boolean isDate(String text) {
    try {
      return text.length() == "2030-12-31".length() && LocalDate.parse(text).getYear() > 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isAbsoluteUri(String text, Set<String> schemes) {
    try {
      URI uri = new URI(text);
      return uri.isAbsolute() && (schemes.isEmpty() || isOfScheme(uri, schemes));
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static boolean isOfScheme(URI uri, Set<String> schemes) {
    return schemes.contains(uri.getScheme()) && uri.getHost() != null;
  }

  /** A ledger's keys may be of any kind: a DER sequence of the right length is all we ask. */
  private static boolean isSpki(String text) {
    return text.length() <= 1_024 && Base64Url.decode(text).filter(Form::isDerSequence).isPresent();
  }

  private static boolean isDerSequence(byte[] der) {
    if (der.length < 2 || der[0] != 0x30) {
      return false;
    }
    int first = der[1] & 0xff;
    return switch (first) {
      case 0x81 -> der.length > 2 && (der[2] & 0xff) == der.length - 3;
      case 0x82 -> der.length > 3 && ((der[2] & 0xff) << 8 | (der[3] & 0xff)) == der.length - 4;
      default -> first < 0x80 && first == der.length - 2;
    };
  }
}
