package org.odap.gateway.peer;

import java.util.List;

/**
 * Another gateway this one knows.
 *
 * @param identity its URI
 * @param pubkey its public key, base64url SPKI DER
 * @param certificates its certificate chain, PEM, its own first
 * @param link the way to it
 */
public record Peer(String identity, String pubkey, List<String> certificates, PeerLink link) {
  /** Copies the list. */
  public Peer {
    certificates = List.copyOf(certificates);
  }
}
