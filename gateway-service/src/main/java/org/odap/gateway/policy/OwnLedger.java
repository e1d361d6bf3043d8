package org.odap.gateway.policy;

import java.util.Set;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.runtime.rpc.OdapException;

/** What the rules want to know of a ledger behind this gateway; it may be asked for it. */
public interface OwnLedger {
  /** What it can do (ODAP 5.7). */
  Set<String> capabilities();

  /** Whether its participants vouch for it (IT). */
  boolean hasParticipants();

  /**
   * This side's part of the setup of the InterTrust mode.
   *
   * @param proposal that offers it, of a transfer to this ledger
   * @throws OdapException CAPABILITY_UNSUPPORTED where nobody vouches for it; UNAVAILABLE
   */
  InterTrustAgreement agreement(InitializationRequest proposal);
}
