package org.odap.gateway.driver;

import java.util.List;
import org.odap.core.refusal.Refusal;
import org.odap.runtime.rpc.FieldViolation;
import org.odap.runtime.rpc.OdapException;

/** Refusals of the core as what a caller is told, and back. */
final class Refusals {
  private Refusals() {}

  static OdapException exception(Refusal refusal) {
    List<FieldViolation> violations =
        refusal.field().isEmpty()
            ? List.of()
            : List.of(new FieldViolation(refusal.field(), refusal.description()));
    return new OdapException(refusal.reason(), refusal.description(), violations);
  }

  static Refusal refusal(OdapException failure) {
    String field =
        failure.fieldViolations().isEmpty() ? "" : failure.fieldViolations().getFirst().field();
    return new Refusal(failure.reason(), field, failure.description());
  }
}
