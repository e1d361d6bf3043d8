package org.odap.ledger.fabric.submission;

import java.util.concurrent.atomic.LongAdder;

/** What happened to transactions since the start. */
public final class SubmissionCounts {
  private final LongAdder invalid = new LongAdder();
  private final LongAdder resubmitted = new LongAdder();

  void invalid() {
    invalid.increment();
  }

  void resubmitted() {
    resubmitted.increment();
  }

  /** Transactions found invalid at their commit, mostly because others came first. */
  public long invalidCount() {
    return invalid.sum();
  }

  /** How often a transaction was handed in again because the ledger knew nothing of it. */
  public long resubmittedCount() {
    return resubmitted.sum();
  }
}
