package org.odap.runtime.rpc;

import java.util.List;
import org.odap.api.common.v1.ErrorReason;

/**
 * A call that is refused or failed for one of the suite's reasons. Thrown by a service it reaches
 * the caller with reason, description and field violations; the cause stays here.
 */
public final class OdapException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ErrorReason reason;
  private final transient List<FieldViolation> fieldViolations;

  public OdapException(ErrorReason reason, String description) {
    super(description);
    this.reason = reason;
    this.fieldViolations = List.of();
  }

  public OdapException(ErrorReason reason, String description, Throwable cause) {
    super(description, cause);
    this.reason = reason;
    this.fieldViolations = List.of();
  }

  public OdapException(
      ErrorReason reason, String description, List<FieldViolation> fieldViolations) {
    super(description);
    this.reason = reason;
    this.fieldViolations = List.copyOf(fieldViolations);
  }

  public OdapException(
      ErrorReason reason,
      String description,
      List<FieldViolation> fieldViolations,
      Throwable cause) {
    super(description, cause);
    this.reason = reason;
    this.fieldViolations = List.copyOf(fieldViolations);
  }

  /** A required field is empty. */
  public static OdapException fieldMissing(String field) {
    return new OdapException(
        ErrorReason.ERROR_REASON_FIELD_MISSING,
        field + " is missing",
        List.of(new FieldViolation(field, "missing")));
  }

  /** A field is malformed or out of bounds. Don't put secrets in the value. */
  public static OdapException fieldInvalid(String field, Object value, String expected) {
    String description = "value: " + value + " (expected: " + expected + ")";
    return new OdapException(
        ErrorReason.ERROR_REASON_FIELD_INVALID,
        field + ": " + description,
        List.of(new FieldViolation(field, description)));
  }

  /** Why, from the suite's one list. */
  public ErrorReason reason() {
    return reason;
  }

  /** What the reason says to a person; never holds a secret. */
  public String description() {
    return getMessage();
  }

  /** The fields that are wrong; empty unless the reason is about fields. */
  public List<FieldViolation> fieldViolations() {
    return fieldViolations;
  }
}
