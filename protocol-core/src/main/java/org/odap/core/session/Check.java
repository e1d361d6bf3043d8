package org.odap.core.session;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.refusal.Refusal;

/**
 * One rule a message must keep to be taken, as a row of the drafts' rules.
 *
 * @param rule the rule as a sentence
 * @param section where it comes from, e.g. "ODAP 7.3"
 * @param test gives the refusal when the rule is broken
 */
public record Check(String rule, String section, Function<Scene, Optional<Refusal>> test) {

  /**
   * A message on its way in.
   *
   * @param session the session before the message
   * @param message the message, its structure and signature already checked
   * @param now the gateway's clock, UNIX milliseconds
   * @param timing the times the gateway reckons with
   * @param proofs looks at the proofs of claims
   */
  public record Scene(
      Session session, OdapMessage message, long now, Timing timing, ProofVerifier proofs) {}

  /** The first refusal of the checks in their order. */
  public static Optional<Refusal> first(List<Check> checks, Scene scene) {
    for (Check check : checks) {
      Optional<Refusal> refusal = check.test().apply(scene);
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    return Optional.empty();
  }

  /** The refusal when the condition does not hold. */
  public static Optional<Refusal> require(
      boolean holds, ErrorReason reason, String field, String description) {
    return holds ? Optional.empty() : Optional.of(new Refusal(reason, field, description));
  }

  /** The refusal when a field does not have the value it must have. */
  public static Optional<Refusal> same(
      String value, String expected, ErrorReason reason, String field) {
    return require(
        value.equals(expected),
        reason,
        field,
        field + ": " + value + " (expected: " + expected + ")");
  }
}
