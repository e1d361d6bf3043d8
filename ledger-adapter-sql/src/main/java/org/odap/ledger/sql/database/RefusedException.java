package org.odap.ledger.sql.database;

import org.odap.api.common.v1.ErrorReason;

/** The ledger refuses; whoever throws it undoes the transaction. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorReason reason;

  /** A refusal in the ledger's words. */
  public RefusedException(ErrorReason reason, String description) {
    // Without a stack trace: refusals are answers, and common ones.
    super(description, null, false, false);
    this.reason = reason;
  }

  /** Why. */
  public ErrorReason reason() {
    return reason;
  }
}
