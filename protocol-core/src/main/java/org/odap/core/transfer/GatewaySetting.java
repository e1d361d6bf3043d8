package org.odap.core.transfer;

import org.odap.core.attestation.Attestation;
import org.odap.core.envelope.Signer;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Timing;

/**
 * What a gateway brings to each decision.
 *
 * @param signer signs its messages and log entries
 * @param timing the times it reckons with
 * @param policy what it agrees to
 * @param proofs looks at the proofs of its peers' claims
 * @param attestation asks its peers what their machines are
 */
public record GatewaySetting(
    Signer signer,
    Timing timing,
    InitiationPolicy policy,
    ProofVerifier proofs,
    Attestation attestation) {
  /** The same for one decision. */
  GatewaySetting forOneDecision() {
    return new GatewaySetting(
        signer, timing, policy.forOneDecision(), proofs, attestation.forOneDecision());
  }

  /** A gateway that asks nobody what machine it has. */
  public GatewaySetting(
      Signer signer, Timing timing, InitiationPolicy policy, ProofVerifier proofs) {
    this(signer, timing, policy, proofs, Attestation.UNASKED);
  }

  /** A gateway that does not look at proofs either. */
  public GatewaySetting(Signer signer, Timing timing, InitiationPolicy policy) {
    this(signer, timing, policy, ProofVerifier.UNVERIFIED);
  }
}
