package org.odap.core.session;

import java.util.Optional;
import java.util.function.Function;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.refusal.Refusal;

/**
 * Looks at the proof of a peer's claim with the cryptography of its format. The same arguments give
 * the same answer.
 */
@FunctionalInterface
public interface ProofVerifier {
  /** Proofs are kept as evidence, and not looked at. */
  ProofVerifier UNVERIFIED = (session, claim) -> Optional.empty();

  /** What is wrong with the proof of a claim of a session, for a person. */
  Optional<String> fault(Session session, LedgerClaim claim);

  /** What is wrong with participants that the peer names as those of its ledger, for a person. */
  default Optional<String> fault(ParticipantGroup group) {
    return Optional.empty();
  }

  /**
   * Why no claim of the recipient's ledger could ever be taken once a format is agreed on, for a
   * person: past the commit point it would be too late to say so.
   */
  default Optional<String> fault(Session session, InitializationResponse agreement) {
    return Optional.empty();
  }

  /**
   * The rule for a message that carries a claim.
   *
   * @param field of the claim in the message
   * @param claim takes it out of the message
   */
  static Check holds(String field, Function<OdapMessage, LedgerClaim> claim) {
    return new Check(
        "The proof holds, where the gateway knows who must give one for that ledger.",
        "ODAP 7.3, 8.3, 8.4, IT",
        scene ->
            scene
                .proofs()
                .fault(scene.session(), claim.apply(scene.message()))
                .map(fault ->
                    new Refusal(
                        ErrorReason.ERROR_REASON_CLAIM_WRONG,
                        field + ".proof",
                        field + ".proof: " + fault)));
  }
}
