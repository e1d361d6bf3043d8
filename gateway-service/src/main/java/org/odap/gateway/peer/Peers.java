package org.odap.gateway.peer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.Recover;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.OdapException;

/**
 * The gateways this one deals with, by identity; it is one of them itself, for direct transfers
 * (ODAP 4.6.1).
 */
public final class Peers {
  private final Map<String, Peer> byIdentity = new LinkedHashMap<>();

  /** These peers. */
  public Peers(List<Peer> peers) {
    peers.forEach(peer -> byIdentity.put(peer.identity(), peer));
  }

  /**
   * The peer of this identity.
   *
   * @throws OdapException PEER_UNKNOWN
   */
  public Peer get(String identity) {
    Peer peer = byIdentity.get(identity);
    if (peer == null) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PEER_UNKNOWN,
          "gateway: " + identity + " (expected: one of " + byIdentity.keySet() + ")");
    }
    return peer;
  }

  /**
   * Takes note of who sent a request, as TLS has proven: evidence will need the certificate, and
   * what waits for a replica whose sessions were taken over need not wait any longer.
   */
  public void heard(Caller caller, OdapMessage request) {
    Peer peer = byIdentity.get(caller.identity().uri());
    if (peer == null) {
      return;
    }
    caller.certificate().ifPresent(peer.keys()::met);
    if (request.type() == MessageType.RECOVER && request.as(Recover.class).getBackup()) {
      peer.link().tookOver(caller.publicKey());
    }
  }

  /** Their identities. */
  public Set<String> identities() {
    return byIdentity.keySet();
  }
}
