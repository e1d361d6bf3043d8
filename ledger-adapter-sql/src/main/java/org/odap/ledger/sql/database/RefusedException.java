package org.odap.ledger.sql.database;

import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.ledger.Refusal;

/** The ledger refuses; whoever throws it undoes the transaction. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    // Without a stack trace: refusals are answers, and common ones.
    super(refusal.description(), null, false, false);
    this.refusal = refusal;
  }

  /** A refusal that only this ledger knows. */
  public RefusedException(ErrorReason reason, String description) {
    this(new Refusal(reason, description));
  }

  /** What the ledger answers. */
  public Refusal refusal() {
    return refusal;
  }
}
