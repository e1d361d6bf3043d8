package org.odap.gateway.resource;

import java.util.List;
import org.odap.api.client.v1.NegotiateCredentialsRequest;
import org.odap.api.client.v1.NegotiateCredentialsResponse;
import org.odap.api.common.v1.CredentialScheme;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.storage.v1.SessionOpened;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.Signer;
import org.odap.gateway.resource.ClientSessions.Note;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.OdapException;

/** Agrees on a credential scheme and a first number, and opens a session (ODAP 5.6.2 to 5.6.5). */
final class Negotiation {
  private final ActionChecks checks;
  private final ClientSessions sessions;
  private final List<CredentialScheme> taken;
  private final Signer signer;

  /**
   * A negotiation.
   *
   * @param taken schemes that this gateway takes
   */
  Negotiation(
      ActionChecks checks, ClientSessions sessions, List<CredentialScheme> taken, Signer signer) {
    this.checks = checks;
    this.sessions = sessions;
    this.taken = List.copyOf(taken);
    this.signer = signer;
  }

  /** The first of the offered schemes that is taken here. */
  NegotiateCredentialsResponse negotiate(NegotiateCredentialsRequest request, Caller caller) {
    Envelope envelope = request.getEnvelope();
    var _ = checks.envelope(request, envelope, caller);
    FieldChecks fields =
        new FieldChecks().transferId("envelope.session_id", envelope.getSessionId());
    if (request.getCredentialSchemesCount() == 0) {
      fields.missing("credential_schemes");
    }
    fields.end();
    CredentialScheme picked =
        request.getCredentialSchemesList().stream()
            .filter(taken::contains)
            .findFirst()
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_CREDENTIAL_SCHEME_UNSUPPORTED,
                    "credential_schemes: value: "
                        + request.getCredentialSchemesList()
                        + " (expected: one of "
                        + taken
                        + ")"));
    open(envelope, caller, picked, hash(request));
    return SignedRequests.answer(
        NegotiateCredentialsResponse.newBuilder().setCredentialScheme(picked).build(),
        envelope,
        "200",
        signer);
  }

  private void open(Envelope envelope, Caller caller, CredentialScheme picked, String hash) {
    boolean _ =
        sessions.alone(
            envelope.getSessionId(),
            () -> {
              ClientSession session = sessions.read(envelope.getSessionId());
              if (session.opened().isPresent()) {
                requireSame(session.opened().get(), caller, hash);
                return false;
              }
              ClientSession _ =
                  sessions.append(
                      session,
                      ClientSessions.NO_DLT,
                      List.of(
                          new Note(
                              LogOperation.LOG_OPERATION_INIT,
                              "init-session",
                              SessionOpened.newBuilder()
                                  .setClient(Actions.name(caller))
                                  .setCredentialScheme(picked)
                                  .setSequenceNumber(envelope.getSequenceNumber())
                                  .setHashRequest(hash)
                                  .build())),
                      false);
              return true;
            });
  }

  private static void requireSame(SessionOpened opened, Caller caller, String hash) {
    if (!opened.getHashRequest().equals(hash) || !opened.getClient().equals(Actions.name(caller))) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_REQUEST_ID_REUSED,
          "envelope.session_id: was used for another session");
    }
  }

  /** A repeat may be signed anew. */
  private static String hash(NegotiateCredentialsRequest request) {
    NegotiateCredentialsRequest.Builder unsigned = request.toBuilder();
    unsigned.getEnvelopeBuilder().clearMessageSignature();
    return Hash.of(CanonicalJson.of(unsigned.build()));
  }
}
