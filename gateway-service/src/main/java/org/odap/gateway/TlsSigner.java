package org.odap.gateway;

import org.odap.core.envelope.Signer;
import org.odap.runtime.identity.TlsMaterial;

/**
 * Signs with the key of the certificate the gateway shows: what speaks is what was met in the
 * handshake.
 */
record TlsSigner(TlsMaterial tls) implements Signer {
  @Override
  public String publicKey() {
    return tls.signingKey().publicKey();
  }

  @Override
  public String sign(byte[] bytes) {
    return tls.signingKey().sign(bytes);
  }
}
