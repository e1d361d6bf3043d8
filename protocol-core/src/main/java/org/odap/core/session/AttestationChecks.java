package org.odap.core.session;

import java.util.Optional;
import java.util.function.Function;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.refusal.Refusal;

/** What is checked in an attestation result that the peer shows: it is the peer's, about us. */
public final class AttestationChecks {
  private AttestationChecks() {}

  /**
   * The rule for a message that may carry one. How long it holds is the peer's to watch: it goes on
   * by it.
   *
   * @param field takes it out of the message
   */
  public static Check aboutUs(Function<OdapMessage, String> field) {
    return new Check(
        "An attestation result in it is about this gateway, this session and this gateway's key.",
        "ARCH 6, IT",
        scene -> fault(scene.session(), field.apply(scene.message())));
  }

  private static Optional<Refusal> fault(Session session, String token) {
    if (token.isEmpty()) {
      return Optional.empty();
    }
    Optional<AttestationResult> result = ResultToken.read(token);
    if (result.isEmpty()) {
      return refusal("no attestation result");
    }
    if (!result.get().gateway().equals(session.ownIdentity())) {
      return refusal("about another gateway: " + result.get().gateway());
    }
    if (!result.get().sessionId().equals(session.id())) {
      return refusal("about another session: " + result.get().sessionId());
    }
    return session.ownKeys().stream()
            .map(ResultToken::keyHash)
            .anyMatch(result.get().tlsKeyHash()::equals)
        ? Optional.empty()
        : refusal("about another key");
  }

  private static Optional<Refusal> refusal(String why) {
    return Optional.of(
        new Refusal(
            ErrorReason.ERROR_REASON_FIELD_INVALID,
            "attestation_result",
            "attestation_result: " + why));
  }
}
