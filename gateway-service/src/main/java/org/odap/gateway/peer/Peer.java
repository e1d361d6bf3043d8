package org.odap.gateway.peer;

import java.util.Set;

/**
 * Another gateway this one knows: one identity, which may have several replicas with a certificate
 * each.
 *
 * @param identity its URI
 * @param keys its keys and their certificates
 * @param link the way to it
 * @param ledgers behind it, for orders that name no gateway
 */
public record Peer(String identity, CertifiedKeys keys, Replicas link, Set<String> ledgers) {
  /** Copies the set. */
  public Peer {
    ledgers = Set.copyOf(ledgers);
  }

  /** A peer that is named or not ordered from. */
  public Peer(String identity, CertifiedKeys keys, Replicas link) {
    this(identity, keys, link, Set.of());
  }

  /** Public key that new sessions are proposed to, base64url SPKI DER. */
  public String pubkey() {
    return link.pubkey();
  }
}
