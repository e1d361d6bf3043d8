package org.odap.gateway.driver;

import org.odap.core.envelope.Signer;

/**
 * This gateway as it appears to others.
 *
 * @param identity its URI
 * @param signer its key: the one of its certificate
 */
public record GatewaySelf(String identity, Signer signer) {
  /** Its public key, base64url SPKI DER. */
  public String pubkey() {
    return signer.publicKey();
  }
}
