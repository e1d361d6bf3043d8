package org.odap.gateway.policy;

import java.util.List;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Rejection;

/** One more thing a gateway's owner asks of a proposal (ODAP 6.2). */
@FunctionalInterface
public interface ProposalRule {
  /**
   * What speaks against a proposal; nothing when nothing does.
   *
   * @param peer identity of the sender gateway, proven by TLS
   * @throws org.odap.runtime.rpc.OdapException when it can't be said now; the peer asks again
   */
  List<Rejection> judge(InitializationRequest proposal, String peer, long now);
}
