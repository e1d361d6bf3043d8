package org.odap.gateway.peer;

import java.util.Optional;
import java.util.Set;
import org.odap.runtime.rpc.OdapException;

/** Peers that no configuration names. */
public interface PeerSource {
  /** There are none. */
  PeerSource NONE =
      new PeerSource() {
        @Override
        public Optional<Peer> find(String identity) {
          return Optional.empty();
        }

        @Override
        public Set<String> identities() {
          return Set.of();
        }
      };

  /**
   * The peer of this identity, if it is one.
   *
   * @throws OdapException UNAVAILABLE while that can't be found out
   */
  Optional<Peer> find(String identity);

  /** Identities of those known now. */
  Set<String> identities();
}
