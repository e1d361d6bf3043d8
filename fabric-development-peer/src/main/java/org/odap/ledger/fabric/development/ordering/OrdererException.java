package org.odap.ledger.fabric.development.ordering;

/** An orderer that did not acknowledge a transaction. */
public final class OrdererException extends Exception {
  private static final long serialVersionUID = 1;

  /** What the orderer has against it. */
  public enum Cause {
    /** Nobody listens, or the connection broke before an answer. */
    UNREACHABLE,
    /** The orderer refuses the envelope. */
    FORBIDDEN
  }

  private final Cause reason;

  OrdererException(Cause reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Cause reason() {
    return reason;
  }
}
