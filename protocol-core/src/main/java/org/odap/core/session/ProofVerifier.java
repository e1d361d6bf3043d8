package org.odap.core.session;

import java.util.Optional;
import java.util.function.Function;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.refusal.Refusal;

/**
 * Looks at the proof of a peer's claim with the cryptography of its format. The same arguments give
 * the same answer.
 */
@FunctionalInterface
public interface ProofVerifier {
  /** Proofs are kept as evidence, and not looked at. */
  ProofVerifier UNVERIFIED = (hashTx, claim) -> Optional.empty();

  /**
   * What is wrong with a claim's proof, for a person.
   *
   * @param hashTx of the session, SHA-256 in lower-case hex
   */
  Optional<String> fault(String hashTx, LedgerClaim claim);

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
                .fault(scene.session().hashTx(), claim.apply(scene.message()))
                .map(fault ->
                    new Refusal(
                        ErrorReason.ERROR_REASON_CLAIM_WRONG,
                        field + ".proof",
                        field + ".proof: " + fault)));
  }
}
