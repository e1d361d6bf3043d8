package org.odap.core.transfer;

import java.util.Optional;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.InterTrustProposal;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.intertrust.InterTrustFlow;
import org.odap.core.quorum.Statements;
import org.odap.core.session.Role;
import org.odap.core.session.Session;

/** Both ledgers' participants in the tests: they sign whatever their ledgers did. */
final class Members {
  private Members() {}

  /** An order in the InterTrust mode. */
  static Input.Order order() {
    return Bargain.order(terms().build());
  }

  /** Terms that offer the InterTrust mode alone. */
  static InitializationRequest.Builder terms() {
    return Bargain.terms()
        .clearLockClaimFormats()
        .addLockClaimFormats(Statements.INTERTRUST)
        .setIntertrust(
            InterTrustProposal.newBuilder()
                .setHashOrder(Hash.of(new byte[] {2}))
                .setGroup(Messages.group(Messages.SENDER_DLT)));
  }

  /** What the recipient says to the mode's setup. */
  static InterTrustAgreement agreement(InitializationRequest proposal) {
    String session = proposal.getEnvelope().getSessionId();
    return InterTrustAgreement.newBuilder()
        .setGroup(Messages.group(Messages.RECIPIENT_DLT))
        .setKey(Messages.dealtKey(InterTrustFlow.keyId(session, Role.SENDER)))
        .build();
  }

  /** What a ledger did, as its participants vouch for it where the session wants that. */
  static Input vouched(Session session, Input input) {
    boolean agreed =
        session.sent(MessageType.INITIALIZATION_RESPONSE).isPresent()
            || session.received(MessageType.INITIALIZATION_RESPONSE).isPresent();
    if (!(input instanceof Input.LedgerDid did) || !agreed || !session.isInterTrust()) {
      return input;
    }
    LedgerClaim claim =
        did.claim().toBuilder().setProofFormat(Statements.INTERTRUST).setProof("{}").build();
    return claim.getStep() == LedgerStep.LEDGER_STEP_LOCK
        ? new Input.LedgerDid(
            claim,
            Optional.of(Messages.dealtKey(InterTrustFlow.keyId(session.id(), Role.RECIPIENT))))
        : new Input.LedgerDid(claim);
  }
}
