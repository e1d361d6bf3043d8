package org.odap.core.evidence;

import java.util.List;

/**
 * The verdict on an evidence bundle: what was checked, what came of the transfer, and the story
 * (ARCH 5.3, SD).
 *
 * @param transferId the transfer
 * @param checks every check made, in the order made
 * @param outcome what the evidence says came of the transfer, as a sentence
 * @param story what happened, in causal order as far as messages fix it
 */
public record EvidenceReport(
    String transferId, List<Check> checks, Outcome outcome, List<StoryLine> story) {
  /** Copies the lists. */
  public EvidenceReport {
    checks = List.copyOf(checks);
    story = List.copyOf(story);
  }

  /** Whether every check holds. */
  public boolean holds() {
    return checks.stream().allMatch(Check::holds);
  }

  /** Everything found wrong. */
  public List<Finding> findings() {
    return checks.stream().flatMap(check -> check.findings().stream()).toList();
  }

  /**
   * One act of one gateway.
   *
   * @param role "sender" or "recipient"
   * @param act what it did
   */
  public record StoryLine(String role, Act act) {}

  /**
   * What came of the transfer.
   *
   * @param end how it ended
   * @param text the same as a sentence that names who did what, or who failed
   */
  public record Outcome(End end, String text) {}

  /** How a transfer ended, as far as the logs show. */
  public enum End {
    /** Refused in phase 1; no ledger was touched. */
    REFUSED,
    /** Given up; each asset locked was given back, each announcement withdrawn. */
    ROLLED_BACK,
    /** Extinguished on the source ledger, created on the destination ledger. */
    COMPLETED,
    /** The logs end before the transfer does. */
    UNFINISHED,
    /** The logs show the asset on both ledgers, or on none after the end. */
    BROKEN
  }
}
