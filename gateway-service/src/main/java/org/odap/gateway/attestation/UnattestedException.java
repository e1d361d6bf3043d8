package org.odap.gateway.attestation;

/** Another gateway's machine was not attested. */
final class UnattestedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Why. */
  enum Kind {
    /** It gives no proof: it has no TPM, or does not know this way. */
    ABSENT,
    /** It gave one, and that is not enough. */
    REFUSED,
    /** It can't be found out now. */
    UNKNOWN
  }

  private final Kind kind;

  UnattestedException(Kind kind, String description) {
    super(description);
    this.kind = kind;
  }

  Kind kind() {
    return kind;
  }
}
