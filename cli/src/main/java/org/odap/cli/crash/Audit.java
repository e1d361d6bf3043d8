package org.odap.cli.crash;

import java.util.List;
import java.util.OptionalLong;

/**
 * What was found of one transfer after its end.
 *
 * @param end how it ended, "NOT ENDED" when it did not
 * @param endedAt when the last entry of both logs was written, UNIX milliseconds
 * @param resumedAt when its gateway or a backup took it up again, UNIX milliseconds; empty when
 *     none did
 * @param findings everything wrong; empty when all is as it must be
 */
public record Audit(
    String transferId, String end, long endedAt, OptionalLong resumedAt, List<String> findings) {
  /** Copies the findings. */
  public Audit {
    findings = List.copyOf(findings);
  }

  /** Whether all is as it must be. */
  public boolean holds() {
    return findings.isEmpty();
  }
}
