package org.odap.core.transfer;

import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.attestation.Attestation.Standing;
import org.odap.core.attestation.ResultToken;
import org.odap.core.attestation.ResultToken.Expected;
import org.odap.core.attestation.ResultToken.Judgement;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.initiation.Initiation;
import org.odap.core.initiation.InitiationPolicy.Deny;
import org.odap.core.initiation.InitiationPolicy.Verdict;
import org.odap.core.session.Session;
import org.odap.core.session.Timing;

/**
 * What a rule looks at: the transfer before the input, the input, the gateway, and the time.
 *
 * @param transfer before the input
 * @param input what reached it; a message has passed its checks
 * @param gateway what the gateway brings
 * @param now the gateway's clock, UNIX milliseconds
 */
record Situation(Transfer transfer, Input input, GatewaySetting gateway, long now) {

  Session session() {
    return transfer.session();
  }

  Timing timing() {
    return gateway.timing();
  }

  /** Whether another replica than this one speaks for this gateway in the session, or was to. */
  boolean isForAnother() {
    return !gateway.signer().publicKey().equals(session().ownPubkey());
  }

  OdapMessage message() {
    return ((Input.Received) input).message();
  }

  /** Milliseconds until the lock's expiry; negative once it has passed. */
  long millisLeft() {
    return session().expiryTime() - now;
  }

  /**
   * The recipient's verdict on a proposal that came in: by the rules, and then by what the sender
   * gateway's machine proves. Who would be denied anyway is not asked for that.
   */
  Verdict verdict(InitializationRequest proposal) {
    Verdict verdict = gateway.policy().judge(proposal, session().peerIdentity(), now);
    return verdict instanceof Deny
        ? verdict
        : switch (attested()) {
          case Standing.Fine _ -> verdict;
          case Standing.Failed failed -> Initiation.unattested(failed);
        };
  }

  /**
   * How the other gateway's machine stands. Whatever the result comes from: it must be about this
   * session, this peer and its key, and hold now (ARCH 6).
   */
  Standing attested() {
    Expected about = new Expected(session().peerIdentity(), session().id(), session().peerPubkey());
    Standing standing = gateway.attestation().of(about, now);
    if (!(standing instanceof Standing.Fine fine) || fine.result().isEmpty()) {
      return standing;
    }
    return switch (ResultToken.unverified(fine.result(), about, now)) {
      case Judgement.Accepted _ -> fine;
      case Judgement.Refused refused ->
          new Standing.Failed(
              ErrorReason.ERROR_REASON_ATTESTATION_REQUIRED,
              "attestation_result: " + refused.reason());
    };
  }

  /** The attestation result to go on by; empty where there is none. */
  String attestationResult() {
    return attested() instanceof Standing.Fine fine ? fine.result() : "";
  }

  /** The same where it is another than the session has; empty where it is not. */
  String newAttestationResult(String held) {
    String result = attestationResult();
    return result.equals(held) ? "" : result;
  }

  /** Whether the other gateway's machine is not what it should be, or proves nothing. */
  boolean isUnattested() {
    return attested() instanceof Standing.Failed;
  }
}
