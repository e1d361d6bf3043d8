package org.odap.attestation.attester;

/** The TPM refused a command, or did not answer; the message begins with the command. */
public final class TpmFailure extends Exception {
  private static final long serialVersionUID = 1;

  /** What a caller can do about it. */
  public enum Kind {
    /** The TPM was not reached, or its answer did not come: another try may do. */
    UNREACHABLE,
    /** The TPM answered that it won't. */
    REFUSED
  }

  private final Kind kind;

  TpmFailure(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  TpmFailure(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Whether another try may do. */
  public Kind kind() {
    return kind;
  }
}
