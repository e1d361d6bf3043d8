package org.odap.gateway.peer;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
  private final Map<String, Peer> configured = new LinkedHashMap<>();
  private final PeerSource others;
  private final SecureRandom random = new SecureRandom();

  /** These peers. */
  public Peers(List<Peer> configured) {
    this(configured, PeerSource.NONE);
  }

  /** These peers, and those of a source. */
  public Peers(List<Peer> configured, PeerSource others) {
    configured.forEach(peer -> this.configured.put(peer.identity(), peer));
    this.others = others;
  }

  /**
   * The peer of this identity.
   *
   * @throws OdapException PEER_UNKNOWN; UNAVAILABLE while it can't be found out whether it is one
   */
  public Peer get(String identity) {
    return find(identity)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_PEER_UNKNOWN,
                "gateway: " + identity + " (expected: one of " + identities() + ")"));
  }

  /**
   * The peer of this identity, if it is one.
   *
   * @throws OdapException UNAVAILABLE while that can't be found out
   */
  public Optional<Peer> find(String identity) {
    return Optional.ofNullable(configured.get(identity)).or(() -> others.find(identity));
  }

  /**
   * Of gateways that would all do, best first: the first that can be reached, else the first that
   * is a peer.
   */
  public Optional<String> chosen(List<String> gateways) {
    List<Peer> known = gateways.stream().distinct().flatMap(one -> find(one).stream()).toList();
    return (known.size() < 2 ? Stream.<Peer>empty() : known.stream())
        .filter(peer -> peer.link().canBeReached())
        .findFirst()
        .or(() -> known.stream().findFirst())
        .map(Peer::identity);
  }

  /**
   * Of the gateways in front of a ledger, as the configuration says, one by chance: the first in a
   * shuffled row that can be reached.
   */
  public Optional<String> anyInFrontOf(String dltSystem) {
    List<String> gateways =
        configured.values().stream()
            .filter(peer -> peer.ledgers().contains(dltSystem))
            .map(Peer::identity)
            .collect(Collectors.toCollection(ArrayList::new));
    Collections.shuffle(gateways, random);
    return chosen(gateways);
  }

  /**
   * Takes note of who sent a request, as TLS has proven: evidence will need the certificate, and
   * what waits for a replica whose sessions were taken over need not wait any longer.
   */
  public void heard(Caller caller, OdapMessage request) {
    Optional<Peer> peer = find(caller.identity().uri());
    if (peer.isEmpty()) {
      return;
    }
    caller.certificate().ifPresent(peer.get().keys()::met);
    if (request.type() == MessageType.RECOVER && request.as(Recover.class).getBackup()) {
      peer.get().link().tookOver(caller.publicKey());
    }
  }

  /** Their identities: of those configured, and of those others known now. */
  public Set<String> identities() {
    Set<String> all = new LinkedHashSet<>(configured.keySet());
    all.addAll(others.identities());
    return all;
  }

  /** Whether the configuration names this one, or it is one of those others known now. */
  public boolean isKnown(String identity) {
    return isConfigured(identity) || others.identities().contains(identity);
  }

  /** Whether the configuration names this one. */
  public boolean isConfigured(String identity) {
    return configured.containsKey(identity);
  }
}
