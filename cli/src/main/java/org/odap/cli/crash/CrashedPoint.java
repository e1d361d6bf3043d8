package org.odap.cli.crash;

import java.util.List;
import java.util.OptionalLong;

/**
 * What came of killing one process while a transfer was held at one point.
 *
 * @param point where the transfer was held
 * @param victim name of the process killed
 * @param end how the transfer ended; "not reached" when none came to the point
 * @param killToEndMillis time from the kill to the last log entry of both sides
 * @param resumedMillis time until its gateway took it up again, counted from serving again, or
 *     until a backup did, counted from the kill; empty when nobody had to
 * @param findings everything wrong; empty when all is as it must be
 */
public record CrashedPoint(
    CrashPoint point,
    String victim,
    String end,
    long killToEndMillis,
    OptionalLong resumedMillis,
    List<String> findings) {
  static final String NOT_REACHED = "not reached";

  /** Copies the list. */
  public CrashedPoint {
    findings = List.copyOf(findings);
  }

  static CrashedPoint notReached(CrashPoint point, String victim) {
    return new CrashedPoint(
        point,
        victim,
        NOT_REACHED,
        0,
        OptionalLong.empty(),
        List.of("no transfer came to this point"));
  }

  boolean reached() {
    return !end.equals(NOT_REACHED);
  }

  /** Whether nothing is wrong. */
  public boolean holds() {
    return findings.isEmpty();
  }
}
