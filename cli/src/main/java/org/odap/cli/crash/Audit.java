package org.odap.cli.crash;

import java.util.List;

/**
 * What was found of one transfer after its end.
 *
 * @param end how it ended, "NOT ENDED" when it did not
 * @param endedAt when the last entry of both logs was written, UNIX milliseconds
 * @param findings everything wrong; empty when all is as it must be
 */
record Audit(String transferId, String end, long endedAt, List<String> findings) {
  Audit {
    findings = List.copyOf(findings);
  }

  boolean holds() {
    return findings.isEmpty();
  }
}
