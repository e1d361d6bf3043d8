package org.odap.attestation.edge;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.odap.api.attestation.v1.ActivateCredentialRequest;
import org.odap.api.attestation.v1.ActivateCredentialResponse;
import org.odap.api.attestation.v1.AppraiseQuoteRequest;
import org.odap.api.attestation.v1.AppraiseQuoteResponse;
import org.odap.api.attestation.v1.AttestationServiceGrpc.AttestationServiceImplBase;
import org.odap.api.attestation.v1.CreateChallengeRequest;
import org.odap.api.attestation.v1.CreateChallengeResponse;
import org.odap.api.attestation.v1.CreateQuoteRequest;
import org.odap.api.attestation.v1.CreateQuoteResponse;
import org.odap.api.attestation.v1.MakeCredentialRequest;
import org.odap.api.attestation.v1.MakeCredentialResponse;
import org.odap.api.attestation.v1.Quote;
import org.odap.api.common.v1.ErrorReason;
import org.odap.attestation.appraisal.RefusedException;
import org.odap.attestation.appraisal.Verifier;
import org.odap.attestation.attester.Attester;
import org.odap.attestation.attester.TpmFailure;
import org.odap.attestation.challenge.Binding;
import org.odap.attestation.challenge.Challenge;
import org.odap.attestation.tpm.PcrSelection;
import org.odap.core.attestation.AttestationResult;
import org.odap.core.attestation.ResultToken;
import org.odap.runtime.identity.Caller;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.rpc.Answers;
import org.odap.runtime.rpc.CurrentCaller;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attestation for the gateways of our own organization; what this service is not configured for is
 * CAPABILITY_UNSUPPORTED.
 */
public final class AttestationEndpoint extends AttestationServiceImplBase {
  private static final Logger log = LoggerFactory.getLogger(AttestationEndpoint.class);

  /** An identity or key as text; the longest of ours has 124 characters. */
  private static final int TEXT_MAX = 1024;

  private static final String BUILD = "odap attestation-service";

  private final Optional<Verifier> verifier;
  private final Optional<Attester> attester;
  private final TlsMaterial tls;
  private final AttestationMetrics metrics;

  public AttestationEndpoint(
      Optional<Verifier> verifier,
      Optional<Attester> attester,
      TlsMaterial tls,
      AttestationMetrics metrics) {
    this.verifier = verifier;
    this.attester = attester;
    this.tls = tls;
    this.metrics = metrics;
  }

  @Override
  public void createChallenge(
      CreateChallengeRequest request, StreamObserver<CreateChallengeResponse> observer) {
    Caller _ = ownCaller();
    Verifier ours = verifier();
    new FieldChecks()
        .text("gateway", request.getGateway(), TEXT_MAX)
        .text("session_id", request.getSessionId(), TEXT_MAX)
        .text("tls_pubkey", request.getTlsPubkey(), TEXT_MAX)
        .end();
    if (ResultToken.keyHash(request.getTlsPubkey()).isEmpty()) {
      throw OdapException.fieldInvalid("tls_pubkey", request.getTlsPubkey(), "base64url");
    }
    try {
      Challenge challenge =
          ours.challenge(request.getGateway(), request.getSessionId(), request.getTlsPubkey())
              .orElseThrow(() -> tooMany("challenges"));
      Answers.answer(
          observer,
          CreateChallengeResponse.newBuilder()
              .setNonce(challenge.binding().nonce())
              .addAllPcrSelection(challenge.pcrs())
              .setExpiresAt(challenge.expiresAt().toEpochMilli())
              .build());
    } catch (RefusedException e) {
      throw refused(e.getMessage());
    }
  }

  @Override
  public void createQuote(
      CreateQuoteRequest request, StreamObserver<CreateQuoteResponse> observer) {
    Caller caller = ownCaller();
    Attester ours = attester();
    checkQuestion(request);
    // A quote speaks for a machine. Whoever may call from elsewhere gets none in another's name.
    if (!request.getGateway().equals(caller.identity().uri())) {
      throw notYours("gateway", request.getGateway(), caller.identity().uri());
    }
    if (!request.getTlsPubkey().equals(caller.publicKey())) {
      throw notYours("tls_pubkey", request.getTlsPubkey(), caller.publicKey());
    }
    Binding binding =
        new Binding(
            request.getNonce(),
            request.getSessionId(),
            request.getGateway(),
            request.getTlsPubkey());
    List<Integer> pcrs = request.getPcrSelectionList().stream().sorted().distinct().toList();
    Quote quote = timed(() -> ours.quote(binding, pcrs));
    Answers.answer(observer, CreateQuoteResponse.newBuilder().setQuote(quote).build());
  }

  private static void checkQuestion(CreateQuoteRequest request) {
    FieldChecks checks =
        new FieldChecks()
            .text("gateway", request.getGateway(), TEXT_MAX)
            .text("session_id", request.getSessionId(), TEXT_MAX)
            .text("tls_pubkey", request.getTlsPubkey(), TEXT_MAX)
            .count("pcr_selection", request.getPcrSelectionCount(), PcrSelection.PCR_COUNT);
    if (request.getNonce().size() != Binding.NONCE_BYTES) {
      checks.invalid("nonce", request.getNonce().size() + " bytes", Binding.NONCE_BYTES + " bytes");
    }
    if (request.getPcrSelectionCount() == 0) {
      checks.missing("pcr_selection");
    }
    for (int pcr : request.getPcrSelectionList()) {
      if (pcr < 0 || pcr >= PcrSelection.PCR_COUNT) {
        checks.invalid("pcr_selection", Integer.toUnsignedString(pcr), "0 to 23");
      }
    }
    checks.end();
  }

  @Override
  public void makeCredential(
      MakeCredentialRequest request, StreamObserver<MakeCredentialResponse> observer) {
    Caller _ = ownCaller();
    Verifier ours = verifier();
    new FieldChecks().text("gateway", request.getGateway(), TEXT_MAX).end();
    Quote keys =
        Quote.newBuilder()
            .setAttestationKey(request.getAttestationKey())
            .setEndorsementKey(request.getEndorsementKey())
            .addAllEndorsementCertificates(request.getEndorsementCertificatesList())
            .build();
    try {
      MakeCredentialResponse.Builder response = MakeCredentialResponse.newBuilder();
      switch (ours.offerCredential(request.getGateway(), keys)) {
        case Verifier.Offer.Known _ -> response.setKeyKnown(true);
        case Verifier.Offer.TooMany _ -> throw tooMany("credentials");
        case Verifier.Offer.Made made ->
            response
                .setCredentialBlob(made.credential().blob())
                .setEncryptedSecret(made.credential().encryptedSecret());
      }
      Answers.answer(observer, response.build());
    } catch (RefusedException e) {
      throw refused(e.getMessage());
    }
  }

  @Override
  public void activateCredential(
      ActivateCredentialRequest request, StreamObserver<ActivateCredentialResponse> observer) {
    Caller _ = ownCaller();
    Attester ours = attester();
    ByteString secret =
        tpm(() -> ours.activate(request.getCredentialBlob(), request.getEncryptedSecret()));
    Answers.answer(observer, ActivateCredentialResponse.newBuilder().setSecret(secret).build());
  }

  @Override
  public void appraiseQuote(
      AppraiseQuoteRequest request, StreamObserver<AppraiseQuoteResponse> observer) {
    Caller _ = ownCaller();
    Verifier ours = verifier();
    Verifier.Verdict verdict = appraised(ours, request);
    switch (verdict) {
      case Verifier.Verdict.Refused refused -> {
        log.atWarn().addKeyValue("reason", refused.reason()).log("quote refused");
        throw refused(refused.reason());
      }
      case Verifier.Verdict.Affirmed affirmed -> {
        AttestationResult result = affirmed.result();
        log.atInfo()
            .addKeyValue("gateway", result.gateway())
            .addKeyValue("session_id", result.sessionId())
            .addKeyValue("attestation_key", result.attestationKey())
            .log("gateway attested");
        Answers.answer(
            observer,
            AppraiseQuoteResponse.newBuilder()
                .setAttestationResult(signed(result))
                .setExpiresAt(result.expiresAtMillis())
                .build());
      }
    }
  }

  private Verifier.Verdict appraised(Verifier ours, AppraiseQuoteRequest request) {
    long start = System.nanoTime();
    try {
      Verifier.Verdict verdict =
          ours.appraise(request.getNonce(), request.getQuote(), request.getActivatedSecret());
      if (verdict instanceof Verifier.Verdict.Refused) {
        metrics.refused();
      }
      return verdict;
    } catch (IOException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_UNAVAILABLE, "what is known of keys can't be written", e);
    } finally {
      metrics.appraisal().record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }

  private String signed(AttestationResult result) {
    List<byte[]> chain = new ArrayList<>();
    try {
      for (X509Certificate certificate : tls.chain()) {
        chain.add(certificate.getEncoded());
      }
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read can't be written", e);
    }
    return ResultToken.sign(result, chain, BUILD, tls.signingKey()::sign);
  }

  @FunctionalInterface
  private interface TpmCall<T> {
    T call() throws TpmFailure;
  }

  private <T> T timed(TpmCall<T> call) {
    long start = System.nanoTime();
    try {
      return tpm(call);
    } finally {
      metrics.quote().record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }

  private static <T> T tpm(TpmCall<T> call) {
    try {
      return call.call();
    } catch (TpmFailure e) {
      throw new OdapException(
          switch (e.kind()) {
            case UNREACHABLE -> ErrorReason.ERROR_REASON_UNAVAILABLE;
            case REFUSED -> ErrorReason.ERROR_REASON_ATTESTATION_REFUSED;
          },
          e.getMessage(),
          e);
    }
  }

  /** Who may ask is our own organization's alone, whatever the list of callers says. */
  private Caller ownCaller() {
    Caller caller = CurrentCaller.get();
    if (!caller.identity().organization().equals(tls.identity().organization())) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_PERMISSION_DENIED,
          caller.identity() + " is not of " + tls.identity().organization());
    }
    return caller;
  }

  private Verifier verifier() {
    return verifier.orElseThrow(
        () -> unsupported("this service is no verifier: its configuration has none"));
  }

  private Attester attester() {
    return attester.orElseThrow(
        () -> unsupported("there is no TPM here: the configuration names none"));
  }

  private static OdapException unsupported(String description) {
    return new OdapException(ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED, description);
  }

  private static OdapException refused(String reason) {
    return new OdapException(ErrorReason.ERROR_REASON_ATTESTATION_REFUSED, reason);
  }

  private static OdapException tooMany(String what) {
    return new OdapException(
        ErrorReason.ERROR_REASON_NOT_ACCEPTING, "too many " + what + " are open");
  }

  private static OdapException notYours(String field, String value, String expected) {
    return new OdapException(
        ErrorReason.ERROR_REASON_PERMISSION_DENIED,
        field + ": value: " + value + " (expected: the caller's own, " + expected + ")");
  }
}
