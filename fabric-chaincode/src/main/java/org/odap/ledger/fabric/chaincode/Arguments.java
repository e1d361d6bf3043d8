package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.regex.Pattern;
import org.hyperledger.fabric.shim.ChaincodeException;

/**
 * Reads the arguments of a call, which any client of the channel may have made up: what comes out
 * has its form and bounds. State keys are built from such values only, so none can hold the
 * characters that part a key's segments.
 */
final class Arguments {
  private static final int TEXT_CHARACTERS_MAX = 256;
  private static final int REQUEST_ID_CHARACTERS_MAX = 128;
  private static final int SHOWN_CHARACTERS_MAX = 80;
  private static final int UINT256_BITS = 256;
  private static final int UINT64_BITS = 64;
  private static final int UINT256_DIGITS_MAX = 78;

  private static final Pattern TRANSFER_ID =
      Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern ASSET_CLASS = Pattern.compile("[a-z0-9][a-z0-9.-]{0,63}");
  private static final Pattern MSP_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]*");
  private static final Pattern ANCHOR = Pattern.compile("([1-9][0-9]{0,9}):[0-9a-f]{64}");

  private Arguments() {}

  static String transferId(String value) {
    return matching("transferId", value, TRANSFER_ID, "a UUID, lower case with hyphens");
  }

  static String assetClass(String value) {
    return matching(
        "assetClass", value, ASSET_CLASS, "a to z, 0 to 9, dots and hyphens, at most 64");
  }

  static String mspId(String value) {
    return matching(
        "mspId", value, MSP_ID, "letters, digits, dots, underscores, hyphens, at most 128");
  }

  static String sha256(String name, String value) {
    return matching(name, value, SHA_256, "a SHA-256, lower-case hex");
  }

  static long epoch(String value) {
    return positiveLong("epoch", value);
  }

  static long lockExpiry(String value) {
    return positiveLong("lockExpiry", value);
  }

  /**
   * Empty where the log is not anchored, else number and hash of the entry that orders the step.
   */
  static String anchor(String value) {
    if (value.isEmpty()) {
      return value;
    }
    String expected = "a log entry's number and SHA-256 with a colon between, or nothing";
    String anchor = matching("anchor", value, ANCHOR, expected);
    if (Long.parseLong(anchor.substring(0, anchor.indexOf(':'))) > Integer.MAX_VALUE) {
      throw invalid("anchor", value, expected);
    }
    return anchor;
  }

  /** An asset's id or an amount, which of them the class says. */
  static BigInteger idOrAmount(String value) {
    return decimal("idOrAmount", value, UINT256_BITS);
  }

  static String blockNumber(String value) {
    return decimal("remoteBlockNumber", value, UINT64_BITS).toString();
  }

  static AssetKind kind(String value) {
    return switch (value) {
      case "UNIQUE" -> AssetKind.UNIQUE;
      case "FUNGIBLE" -> AssetKind.FUNGIBLE;
      default -> throw invalid("kind", value, "UNIQUE or FUNGIBLE");
    };
  }

  static Role role(String value) {
    for (Role role : Role.values()) {
      if (role.attribute().equals(value)) {
        return role;
      }
    }
    throw invalid("role", value, "odap.gateway, odap.issuer or odap.admin");
  }

  static String requestId(String value) {
    return text("requestId", value, REQUEST_ID_CHARACTERS_MAX);
  }

  static String text(String name, String value) {
    return text(name, value, TEXT_CHARACTERS_MAX);
  }

  /** An account: the MSP's id, a slash, and the id its CA enrolled the person or service under. */
  static String account(String value) {
    int slash = value.indexOf('/');
    if (value.length() > TEXT_CHARACTERS_MAX
        || slash < 0
        || slash == value.length() - 1
        // Nobody sees a space at an end, and it would be somebody else's account.
        || !value.substring(slash + 1).strip().equals(value.substring(slash + 1))
        || !MSP_ID.matcher(value.substring(0, slash)).matches()
        || !isPlainText(value)) {
      throw Refusals.refused(
          Reason.ACCOUNT_INVALID,
          described("account", value, "<MSP id>/<enrollment id>, at most 256 characters"));
    }
    return value;
  }

  private static String text(String name, String value, int charactersMax) {
    if (value.isEmpty()) {
      throw missing(name);
    }
    if (value.length() > charactersMax || !isPlainText(value)) {
      throw invalid(
          name, value, "at most " + charactersMax + " characters without control characters");
    }
    return value;
  }

  private static long positiveLong(String name, String value) {
    BigInteger number = decimal(name, value, Long.SIZE - 1);
    if (number.signum() == 0) {
      throw invalid(name, value, "1 to 2^63-1");
    }
    return number.longValueExact();
  }

  private static BigInteger decimal(String name, String value, int bitsMax) {
    if (value.isEmpty()) {
      throw missing(name);
    }
    // The length first: what a million digits are worth need not be known to refuse them.
    if (value.length() <= UINT256_DIGITS_MAX && DECIMAL.matcher(value).matches()) {
      BigInteger number = new BigInteger(value);
      if (number.bitLength() <= bitsMax) {
        return number;
      }
    }
    throw invalid(
        name, value, "a decimal number below 2^" + bitsMax + " without leading zeros or sign");
  }

  private static String matching(String name, String value, Pattern pattern, String expected) {
    if (value.isEmpty()) {
      throw missing(name);
    }
    // No form has more characters; patterns need not see more.
    if (value.length() > TEXT_CHARACTERS_MAX || !pattern.matcher(value).matches()) {
      throw invalid(name, value, expected);
    }
    return value;
  }

  private static ChaincodeException missing(String name) {
    return Refusals.refused(Reason.FIELD_MISSING, name + ": value: nothing (expected: a value)");
  }

  private static ChaincodeException invalid(String name, String value, String expected) {
    return Refusals.refused(Reason.FIELD_INVALID, described(name, value, expected));
  }

  /** One line, however long and whatever the value. */
  private static String described(String name, String value, String expected) {
    StringBuilder shown = new StringBuilder();
    value
        .codePoints()
        .limit(SHOWN_CHARACTERS_MAX)
        .map(c -> isPlain(c) ? c : '?')
        .forEach(shown::appendCodePoint);
    if (value.codePointCount(0, value.length()) > SHOWN_CHARACTERS_MAX) {
      shown.append("...");
    }
    return name + ": value: " + shown + " (expected: " + expected + ")";
  }

  private static boolean isPlainText(String value) {
    return value.codePoints().allMatch(Arguments::isPlain);
  }

  /**
   * Not a control character, line break, half of a surrogate pair, or one of Unicode's
   * non-characters, the last of which ends ranges of keys. Fixed ranges, because endorsers with
   * other versions of Unicode have to agree.
   */
  private static boolean isPlain(int codePoint) {
    return codePoint >= 0x20
        && (codePoint < 0x7f || codePoint > 0x9f)
        && codePoint != 0x2028
        && codePoint != 0x2029
        && (codePoint < 0xd800 || codePoint > 0xdfff)
        && (codePoint < 0xfdd0 || codePoint > 0xfdef)
        // What invalid UTF-8 was replaced by.
        && codePoint != 0xfffd
        && (codePoint & 0xfffe) != 0xfffe;
  }
}
