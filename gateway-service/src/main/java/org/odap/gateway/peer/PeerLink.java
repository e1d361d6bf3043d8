package org.odap.gateway.peer;

import org.odap.core.envelope.OdapMessage;
import org.odap.core.session.Role;
import org.odap.runtime.rpc.OdapException;

/** The way to another gateway. */
@FunctionalInterface
public interface PeerLink {
  /**
   * Sends a request and waits for the answer.
   *
   * @param from the role in which this gateway asks
   * @param pubkey key of the replica that is believed to run the session; others are asked when it
   *     does not answer
   * @throws OdapException the peer's refusal, or UNAVAILABLE when it did not answer
   */
  OdapMessage send(OdapMessage request, Role from, String pubkey);
}
