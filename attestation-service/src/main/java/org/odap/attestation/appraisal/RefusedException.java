package org.odap.attestation.appraisal;

/** Evidence is refused; the message begins with the field that is wrong. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1;

  RefusedException(String reason) {
    super(reason);
  }

  static RefusedException value(String field, Object value, String expected) {
    return new RefusedException(field + ": value: " + value + " (expected: " + expected + ")");
  }
}
