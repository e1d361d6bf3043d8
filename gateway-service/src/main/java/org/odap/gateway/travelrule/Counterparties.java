package org.odap.gateway.travelrule;

import java.util.Optional;

/** What is known of the gateways that travel-rule data are exchanged with (ARCH 6). */
public interface Counterparties {
  /** Id (LEI) of the VASP a gateway belongs to. */
  Optional<String> vasp(String gateway);

  /** Key that data for a gateway are encrypted to, base64url SPKI DER. */
  Optional<String> encryptionKey(String gateway);
}
