package org.odap.gateway.attestation;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.odap.api.attestation.v1.AppraiseQuoteRequest;
import org.odap.api.attestation.v1.AttestationServiceGrpc;
import org.odap.api.attestation.v1.AttestationServiceGrpc.AttestationServiceBlockingStub;
import org.odap.api.attestation.v1.CreateChallengeRequest;
import org.odap.api.attestation.v1.CreateChallengeResponse;
import org.odap.api.attestation.v1.MakeCredentialRequest;
import org.odap.api.attestation.v1.MakeCredentialResponse;
import org.odap.api.attestation.v1.Quote;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.AttestGatewayRequest;
import org.odap.api.peer.v1.ProveAttestationKeyRequest;
import org.odap.core.attestation.ResultToken.Expected;
import org.odap.gateway.attestation.UnattestedException.Kind;
import org.odap.gateway.peer.Machine;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/**
 * Attests another gateway once: has its own verifier give a challenge, the other gateway's machine
 * answer it, and the verifier appraise the answer (background-check model, RFC 9334 5.2).
 */
final class Appraiser {
  private final AttestationServiceBlockingStub verifier;
  private final Duration deadline;

  Appraiser(Channel verifier, Duration deadline) {
    this.verifier = AttestationServiceGrpc.newBlockingStub(verifier);
    this.deadline = deadline;
  }

  /** One call of the own verifier or of the other gateway. */
  @FunctionalInterface
  private interface Call<T> {
    T get();
  }

  /** The verifier's signed result, a JWT. */
  String attest(Expected about, Machine machine) throws UnattestedException {
    CreateChallengeResponse challenge = challenge(about);
    Quote quote =
        theirs(() ->
            machine.quote(
                AttestGatewayRequest.newBuilder()
                    .setSessionId(about.sessionId())
                    .setNonce(challenge.getNonce())
                    .addAllPcrSelection(challenge.getPcrSelectionList())
                    .build()));
    AppraiseQuoteRequest evidence =
        AppraiseQuoteRequest.newBuilder()
            .setNonce(challenge.getNonce())
            .setQuote(quote)
            .setActivatedSecret(secret(about, quote, machine))
            .build();
    return ours(() -> inTime().appraiseQuote(evidence)).getAttestationResult();
  }

  private CreateChallengeResponse challenge(Expected about) throws UnattestedException {
    CreateChallengeRequest request =
        CreateChallengeRequest.newBuilder()
            .setGateway(about.gateway())
            .setSessionId(about.sessionId())
            .setTlsPubkey(about.tlsPublicKey())
            .build();
    return ours(() -> inTime().createChallenge(request));
  }

  /** Only a key that is new to the verifier has to prove which TPM it lives in. */
  private ByteString secret(Expected about, Quote quote, Machine machine)
      throws UnattestedException {
    MakeCredentialRequest request =
        MakeCredentialRequest.newBuilder()
            .setGateway(about.gateway())
            .setAttestationKey(quote.getAttestationKey())
            .setEndorsementKey(quote.getEndorsementKey())
            .addAllEndorsementCertificates(quote.getEndorsementCertificatesList())
            .build();
    MakeCredentialResponse credential = ours(() -> inTime().makeCredential(request));
    return credential.getKeyKnown()
        ? ByteString.EMPTY
        : theirs(() ->
            machine.secret(
                ProveAttestationKeyRequest.newBuilder()
                    .setCredentialBlob(credential.getCredentialBlob())
                    .setEncryptedSecret(credential.getEncryptedSecret())
                    .build()));
  }

  private AttestationServiceBlockingStub inTime() {
    return verifier.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static <T> T ours(Call<T> call) throws UnattestedException {
    try {
      return OdapErrors.calling(call::get);
    } catch (OdapException e) {
      boolean refused = e.reason() == ErrorReason.ERROR_REASON_ATTESTATION_REFUSED;
      throw new UnattestedException(
          refused ? Kind.REFUSED : Kind.UNKNOWN,
          refused ? e.description() : "our attestation service: " + e.description());
    }
  }

  private static <T> T theirs(Call<T> call) throws UnattestedException {
    try {
      return call.get();
    } catch (OdapException e) {
      Kind kind =
          switch (OdapErrors.retry(e.reason())) {
            case RETRY_SAME_CALL -> Kind.UNKNOWN;
            default ->
                e.reason() == ErrorReason.ERROR_REASON_ATTESTATION_REFUSED
                    ? Kind.REFUSED
                    : Kind.ABSENT;
          };
      throw new UnattestedException(kind, "the other gateway: " + e.description());
    }
  }
}
