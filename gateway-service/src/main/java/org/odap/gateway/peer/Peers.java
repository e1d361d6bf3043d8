package org.odap.gateway.peer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.odap.api.common.v1.ErrorReason;
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

  /** Their identities. */
  public Set<String> identities() {
    return byIdentity.keySet();
  }
}
