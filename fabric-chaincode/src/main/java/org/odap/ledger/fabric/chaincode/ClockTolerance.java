package org.odap.ledger.fabric.chaincode;

import java.time.Duration;
import java.util.Map;

/** How far a transaction's timestamp may be from the endorser's clock. */
final class ClockTolerance {
  /** The environment variable that sets it, in milliseconds. */
  static final String VARIABLE = "ODAP_CLOCK_TOLERANCE_MILLIS";

  private static final Duration USUAL = Duration.ofSeconds(10);

  /** More would make the timestamps that are written mean nothing. */
  private static final Duration MAX = Duration.ofHours(1);

  private ClockTolerance() {}

  static Duration fromEnvironment(Map<String, String> environment) {
    String value = environment.getOrDefault(VARIABLE, "");
    if (value.isEmpty()) {
      return USUAL;
    }
    if (value.matches("[0-9]{1,7}") && Long.parseLong(value) <= MAX.toMillis()) {
      return Duration.ofMillis(Long.parseLong(value));
    }
    throw new IllegalArgumentException(
        VARIABLE + ": value: " + value + " (expected: milliseconds, 0 to " + MAX.toMillis() + ")");
  }
}
