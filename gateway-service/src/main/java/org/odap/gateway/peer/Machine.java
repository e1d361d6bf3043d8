package org.odap.gateway.peer;

import com.google.protobuf.ByteString;
import org.odap.api.attestation.v1.Quote;
import org.odap.api.peer.v1.AttestGatewayRequest;
import org.odap.api.peer.v1.ProveAttestationKeyRequest;
import org.odap.runtime.rpc.OdapException;

/** The machine of a gateway, which proves what it is by its TPM (ARCH 6). */
public interface Machine {
  /**
   * A quote bound to the request's nonce and session, and to the gateway and its TLS key.
   *
   * @throws OdapException CAPABILITY_UNSUPPORTED where there is no TPM; UNAVAILABLE
   */
  Quote quote(AttestGatewayRequest request);

  /**
   * The secret of a credential that only this machine's TPM can open.
   *
   * @throws OdapException CAPABILITY_UNSUPPORTED, ATTESTATION_REFUSED; UNAVAILABLE
   */
  ByteString secret(ProveAttestationKeyRequest request);
}
