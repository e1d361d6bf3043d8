package org.odap.core.session;

import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.Envelope;
import org.odap.core.envelope.OdapMessage;

/**
 * Envelopes of the messages a gateway makes (ODAP 5.2); signing fills in version, phase, hash and
 * signature.
 */
public final class Envelopes {
  private Envelopes() {}

  /** Envelope of this side's next request, with the next sequence number (ODAP 5.6.5). */
  public static Envelope request(Session session) {
    return Envelope.newBuilder()
        .setSessionId(session.id())
        .setSequenceNumber(session.nextOwnNumber())
        .setActionResponse("POST")
        .setCredentialProfile(CredentialScheme.CREDENTIAL_SCHEME_X509)
        .build();
  }

  /** Envelope of an answer, with the request's session and sequence number (ODAP 5.6.5). */
  public static Envelope answer(OdapMessage request) {
    Envelope.Builder envelope =
        Envelope.newBuilder()
            .setSessionId(request.sessionId())
            .setSequenceNumber(request.sequenceNumber())
            .setActionResponse("200")
            .setCredentialProfile(CredentialScheme.CREDENTIAL_SCHEME_X509);
    if (request.envelope().hasPayloadProfile()) {
      envelope.setPayloadProfile(request.envelope().getPayloadProfile());
    }
    return envelope.build();
  }
}
