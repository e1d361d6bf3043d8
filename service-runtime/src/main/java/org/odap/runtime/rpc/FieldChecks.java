package org.odap.runtime.rpc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;

/** Collects what is wrong with a request's fields, so that a caller learns all of it at once. */
public final class FieldChecks {
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,77}");
  private static final BigInteger UINT256_MAX = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
  private static final int NAME_MAX = 256;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Map<String, String> violations = new LinkedHashMap<>();
  private boolean onlyMissing = true;

  /** Ends the checks: throws FIELD_MISSING or FIELD_INVALID with every violation. */
  public void end() {
    if (violations.isEmpty()) {
      return;
    }
    ErrorReason reason =
        onlyMissing
            ? ErrorReason.ERROR_REASON_FIELD_MISSING
            : ErrorReason.ERROR_REASON_FIELD_INVALID;
    throw new OdapException(
        reason,
        violations.entrySet().stream()
            .map(e -> e.getKey() + ": " + e.getValue())
            .collect(Collectors.joining("; ")),
        violations.entrySet().stream()
            .map(e -> new FieldViolation(e.getKey(), e.getValue()))
            .toList());
  }

  /** A required id of a transfer. */
  public FieldChecks transferId(String field, String value) {
    return ofForm(field, value, FieldForms::isUuid, "UUID, lower case with hyphens");
  }

  /** A required SHA-256. */
  public FieldChecks hash(String field, String value) {
    return ofForm(field, value, FieldForms::isSha256, "SHA-256, 64 lower-case hex digits");
  }

  /** A required name: class, account, ledger, location. */
  public FieldChecks name(String field, String value) {
    return text(field, value, NAME_MAX);
  }

  /** A required text on one line. */
  public FieldChecks text(String field, String value, int lengthMax) {
    if (value.isEmpty()) {
      return missing(field);
    }
    return optionalText(field, value, lengthMax);
  }

  /** A text on one line that may be empty. */
  public FieldChecks optionalText(String field, String value, int lengthMax) {
    if (value.codePointCount(0, value.length()) > lengthMax) {
      return invalid(field, value.length() + " characters", "at most " + lengthMax);
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      return invalid(field, "control characters", "printable text");
    }
    return this;
  }

  /** A required JSON text. */
  public FieldChecks json(String field, String value, int lengthMax) {
    if (value.isEmpty()) {
      return missing(field);
    }
    if (value.codePointCount(0, value.length()) > lengthMax) {
      return invalid(field, value.length() + " characters", "at most " + lengthMax);
    }
    try {
      if (JSON.readTree(value).isMissingNode()) {
        return invalid(field, "blank", "JSON text");
      }
    } catch (JsonProcessingException e) {
      return invalid(field, "not JSON", "JSON text");
    }
    return this;
  }

  /** A required number above 0. */
  public FieldChecks positive(String field, long value) {
    if (value == 0) {
      return missing(field);
    }
    return value > 0 ? this : invalid(field, Long.toString(value), "> 0");
  }

  /** The number of elements of a list. */
  public FieldChecks count(String field, int value, int max) {
    return value <= max ? this : invalid(field, value + " values", "at most " + max);
  }

  /** An asset whole: a unique one has an id and no amount, a fungible one an amount and no id. */
  public FieldChecks asset(String field, Asset asset) {
    assetName(field, asset);
    switch (asset.getKind()) {
      case ASSET_KIND_UNIQUE -> absent(field + ".amount", asset.getAmount());
      case ASSET_KIND_FUNGIBLE -> {
        decimal(field + ".amount", asset.getAmount());
        if (asset.getAmount().equals("0")) {
          invalid(field + ".amount", "0", "> 0");
        }
      }
      case ASSET_KIND_UNSPECIFIED, UNRECOGNIZED -> {}
    }
    return this;
  }

  /** What an asset is asked for by: its class, and its id when it is unique. */
  public FieldChecks assetName(String field, Asset asset) {
    if (asset.getKind() == AssetKind.ASSET_KIND_UNSPECIFIED) {
      missing(field + ".kind");
    } else if (asset.getKind() == AssetKind.UNRECOGNIZED) {
      invalid(field + ".kind", Integer.toString(asset.getKindValue()), "unique or fungible");
    }
    name(field + ".asset_class", asset.getAssetClass());
    switch (asset.getKind()) {
      case ASSET_KIND_UNIQUE -> decimal(field + ".asset_id", asset.getAssetId());
      case ASSET_KIND_FUNGIBLE -> absent(field + ".asset_id", asset.getAssetId());
      case ASSET_KIND_UNSPECIFIED, UNRECOGNIZED -> {}
    }
    return this;
  }

  /** A required decimal uint256. */
  public FieldChecks decimal(String field, String value) {
    if (value.isEmpty()) {
      return missing(field);
    }
    if (!DECIMAL.matcher(value).matches() || new BigInteger(value).compareTo(UINT256_MAX) > 0) {
      return invalid(field, shown(value), "decimal uint256 without leading zeros");
    }
    return this;
  }

  /** A field that must not be given here. */
  public FieldChecks absent(String field, String value) {
    return value.isEmpty() ? this : invalid(field, shown(value), "empty here");
  }

  private FieldChecks ofForm(String field, String value, Predicate<String> form, String expected) {
    if (value.isEmpty()) {
      return missing(field);
    }
    return form.test(value) ? this : invalid(field, shown(value), expected);
  }

  /** Notes that a required field is not given. */
  public FieldChecks missing(String field) {
    violations.putIfAbsent(field, "missing");
    return this;
  }

  /** Notes that a field's value is not as expected. */
  public FieldChecks invalid(String field, String value, String expected) {
    onlyMissing = false;
    violations.putIfAbsent(field, "value: " + value + " (expected: " + expected + ")");
    return this;
  }

  private static String shown(String value) {
    return value.length() <= 100 ? value : value.substring(0, 100) + "...";
  }
}
