package org.odap.gateway.peer;

/**
 * Another gateway this one knows: one identity, which may have several replicas with a certificate
 * each.
 *
 * @param identity its URI
 * @param keys its keys and their certificates
 * @param link the way to it
 */
public record Peer(String identity, CertifiedKeys keys, Replicas link) {
  /** Public key that new sessions are proposed to, base64url SPKI DER. */
  public String pubkey() {
    return link.pubkey();
  }
}
