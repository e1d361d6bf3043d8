package org.odap.core.transfer;

import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.envelope.OdapMessage;
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

  OdapMessage message() {
    return ((Input.Received) input).message();
  }

  /** Milliseconds until the lock's expiry; negative once it has passed. */
  long millisLeft() {
    return session().expiryTime() - now;
  }

  /** The recipient's verdict on a proposal that came in. */
  Verdict verdict(InitializationRequest proposal) {
    return gateway.policy().judge(proposal, session().peerIdentity(), now);
  }
}
