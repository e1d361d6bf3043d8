package org.odap.core.evidence;

import java.util.List;

/**
 * One question asked of the evidence and its answer.
 *
 * @param statement what holds when there are no findings, as a sentence
 * @param findings what stands against it
 */
public record Check(String statement, List<Finding> findings) {
  /** Copies the findings. */
  public Check {
    findings = List.copyOf(findings);
  }

  /** Whether the statement holds. */
  public boolean holds() {
    return findings.isEmpty();
  }
}
