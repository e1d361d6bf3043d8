package org.odap.runtime.ledger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.StepKey;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapException;

/** Collects what is wrong with a request's fields, so that a caller learns all of it at once. */
final class FieldChecks {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern SHA256_HEX = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern DECIMAL = Pattern.compile("0|[1-9][0-9]{0,77}");
  private static final BigInteger UINT256_MAX = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
  private static final int NAME_MAX = 256;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final Map<String, String> violations = new LinkedHashMap<>();
  private boolean onlyMissing = true;

  /** Ends the checks: throws FIELD_MISSING or FIELD_INVALID with every violation. */
  void end() {
    if (violations.isEmpty()) {
      return;
    }
    ErrorReason reason =
        onlyMissing
            ? ErrorReason.ERROR_REASON_FIELD_MISSING
            : ErrorReason.ERROR_REASON_FIELD_INVALID;
    throw new OdapException(
        reason,
        "malformed request: " + String.join(", ", violations.keySet()),
        violations.entrySet().stream()
            .map(e -> new FieldViolation(e.getKey(), e.getValue()))
            .toList());
  }

  FieldChecks key(StepKey key) {
    transferId("key.transfer_id", key.getTransferId());
    if (key.getEpoch() == 0) {
      missing("key.epoch");
    } else if (key.getEpoch() < 0) {
      // Above 2^63 - 1, where ledgers that count in signed integers end.
      invalid("key.epoch", Long.toUnsignedString(key.getEpoch()), "1 to " + Long.MAX_VALUE);
    }
    return this;
  }

  FieldChecks transferId(String field, String value) {
    return matches(field, value, UUID, "UUID, lower case with hyphens");
  }

  FieldChecks hash(String field, String value) {
    return matches(field, value, SHA256_HEX, "SHA-256, 64 lower-case hex digits");
  }

  /** A required name: class, account, ledger, location. */
  FieldChecks name(String field, String value) {
    return text(field, value, NAME_MAX);
  }

  FieldChecks text(String field, String value, int lengthMax) {
    if (value.isEmpty()) {
      return missing(field);
    }
    return optionalText(field, value, lengthMax);
  }

  FieldChecks optionalText(String field, String value, int lengthMax) {
    if (value.codePointCount(0, value.length()) > lengthMax) {
      return invalid(field, value.length() + " characters", "at most " + lengthMax);
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      return invalid(field, "control characters", "printable text");
    }
    return this;
  }

  FieldChecks json(String field, String value, int lengthMax) {
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

  FieldChecks positive(String field, long value) {
    if (value == 0) {
      return missing(field);
    }
    return value > 0 ? this : invalid(field, Long.toString(value), "> 0");
  }

  FieldChecks count(String field, int value, int max) {
    return value <= max ? this : invalid(field, value + " values", "at most " + max);
  }

  /** An asset whole: a unique one has an id and no amount, a fungible one an amount and no id. */
  FieldChecks asset(String field, Asset asset) {
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
  FieldChecks assetName(String field, Asset asset) {
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

  private FieldChecks decimal(String field, String value) {
    if (value.isEmpty()) {
      return missing(field);
    }
    if (!DECIMAL.matcher(value).matches() || new BigInteger(value).compareTo(UINT256_MAX) > 0) {
      return invalid(field, shown(value), "decimal uint256 without leading zeros");
    }
    return this;
  }

  FieldChecks absent(String field, String value) {
    return value.isEmpty() ? this : invalid(field, shown(value), "empty here");
  }

  private FieldChecks matches(String field, String value, Pattern pattern, String expected) {
    if (value.isEmpty()) {
      return missing(field);
    }
    return pattern.matcher(value).matches() ? this : invalid(field, shown(value), expected);
  }

  FieldChecks missing(String field) {
    violations.putIfAbsent(field, "missing");
    return this;
  }

  FieldChecks invalid(String field, String value, String expected) {
    onlyMissing = false;
    violations.putIfAbsent(field, "value: " + value + " (expected: " + expected + ")");
    return this;
  }

  private static String shown(String value) {
    return value.length() <= 100 ? value : value.substring(0, 100) + "...";
  }
}
