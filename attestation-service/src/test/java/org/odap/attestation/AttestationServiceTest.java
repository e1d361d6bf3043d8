package org.odap.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.attestation.v1.ActivateCredentialRequest;
import org.odap.api.attestation.v1.AppraiseQuoteRequest;
import org.odap.api.attestation.v1.AppraiseQuoteResponse;
import org.odap.api.attestation.v1.AttestationServiceGrpc;
import org.odap.api.attestation.v1.AttestationServiceGrpc.AttestationServiceBlockingStub;
import org.odap.api.attestation.v1.CreateChallengeRequest;
import org.odap.api.attestation.v1.CreateChallengeResponse;
import org.odap.api.attestation.v1.CreateQuoteRequest;
import org.odap.api.attestation.v1.MakeCredentialRequest;
import org.odap.api.attestation.v1.MakeCredentialResponse;
import org.odap.api.attestation.v1.Quote;
import org.odap.api.common.v1.ErrorReason;
import org.odap.attestation.appraisal.VerifierConfig;
import org.odap.attestation.attester.AttesterConfig;
import org.odap.attestation.attester.KeyKind;
import org.odap.core.attestation.ResultToken;
import org.odap.runtime.identity.CallerRule;
import org.odap.runtime.identity.DevelopmentPki;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.SigningKey;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.RunningService;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcServerConfig;
import org.odap.runtime.tpm.DevelopmentTpm;

/** The service, over gRPC: alpha's gateway has its verifier attest beta's gateway. */
@Tag("IT-8")
class AttestationServiceTest {
  private static final String SESSION = TestVerifier.SESSION;
  private static final Identity ALPHA = new Identity("odapgw://alpha.example/gateway-1");
  private static final Identity BETA = new Identity("odapgw://beta.example/gateway-1");
  private static final Identity VERIFIER = new Identity("odapattestation://alpha.example/verifier");
  private static final Identity ATTESTER = new Identity("odapattestation://beta.example/attester");

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private DevelopmentPki alpha;
  private DevelopmentPki beta;
  private TlsMaterial alphaGateway;
  private TlsMaterial betaGateway;

  @BeforeEach
  void issueCertificates() {
    alpha = DevelopmentPki.create(folder.resolve("alpha"), "alpha.example");
    beta = DevelopmentPki.create(folder.resolve("beta"), "beta.example");
    alphaGateway = TlsMaterial.load(alpha.issue(ALPHA, "gateway", List.of(beta.asTrusted())));
    betaGateway = TlsMaterial.load(beta.issue(BETA, "gateway", List.of(alpha.asTrusted())));
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable one : open.reversed()) {
      one.close();
    }
  }

  @Test
  void aGatewayIsAttestedToAnotherOrganizationsVerifier() throws Exception {
    Path vendor = folder.resolve("ca");
    DevelopmentTpm chip = DevelopmentTpm.start(folder.resolve("tpm"), vendor);
    open.add(chip);
    Path log = chip.boot(TestTpm.BOOT);
    TlsFiles verifierFiles = alpha.issue(VERIFIER, "verifier", List.of(beta.asTrusted()));
    RunningService service = service(verifierFiles, Optional.empty(), verifierConfig(vendor));
    AttestationServiceBlockingStub verifier = stub(service, VERIFIER, alphaGateway);
    AttestationServiceBlockingStub attester =
        attester(Optional.of(TestTpm.config(chip, vendor, KeyKind.ECDSA, false, log)));

    AppraiseQuoteResponse first = attested(verifier, attester, true);
    AppraiseQuoteResponse second = attested(verifier, attester, false);

    assertThat(second.getAttestationResult()).isNotEqualTo(first.getAttestationResult());
    String key = SigningKey.encode(TlsMaterial.load(verifierFiles).certificate().getPublicKey());
    ResultToken.Judgement judgement =
        ResultToken.verify(
            first.getAttestationResult(),
            key,
            new ResultToken.Expected(BETA.uri(), SESSION, betaGateway.signingKey().publicKey()),
            first.getExpiresAt() - 1);
    assertThat(judgement).isInstanceOf(ResultToken.Judgement.Accepted.class);
    var result = ((ResultToken.Judgement.Accepted) judgement).result();
    assertThat(result.verifier()).isEqualTo(VERIFIER.uri());
    assertThat(result.policy()).isEqualTo("test machine");
    assertThat(metrics(service))
        .contains("odap_attestation_appraisal_seconds_count 4")
        .contains("odap_attestation_known_keys 1")
        .contains("odap_attestation_open_challenges 0");
  }

  private AppraiseQuoteResponse attested(
      AttestationServiceBlockingStub verifier,
      AttestationServiceBlockingStub attester,
      boolean isNew) {
    CreateChallengeResponse challenge = verifier.createChallenge(challengeRequest());
    Quote quote = attester.createQuote(quoteRequest(challenge)).getQuote();
    MakeCredentialResponse credential =
        verifier.makeCredential(
            MakeCredentialRequest.newBuilder()
                .setGateway(BETA.uri())
                .setAttestationKey(quote.getAttestationKey())
                .setEndorsementKey(quote.getEndorsementKey())
                .addAllEndorsementCertificates(quote.getEndorsementCertificatesList())
                .build());
    assertThat(credential.getKeyKnown()).isEqualTo(!isNew);
    AppraiseQuoteRequest.Builder appraisal =
        AppraiseQuoteRequest.newBuilder().setNonce(challenge.getNonce()).setQuote(quote);
    if (isNew) {
      appraisal.setActivatedSecret(
          attester
              .activateCredential(
                  ActivateCredentialRequest.newBuilder()
                      .setCredentialBlob(credential.getCredentialBlob())
                      .setEncryptedSecret(credential.getEncryptedSecret())
                      .build())
              .getSecret());
    }
    AppraiseQuoteResponse response = verifier.appraiseQuote(appraisal.build());
    refused(
        ErrorReason.ERROR_REASON_ATTESTATION_REFUSED,
        "nonce: of no challenge that is open; each is for once",
        () -> verifier.appraiseQuote(appraisal.build()));
    return response;
  }

  @Test
  void aTpmQuotesForItsOwnGatewayAlone() throws Exception {
    Path vendor = folder.resolve("ca");
    DevelopmentTpm chip = DevelopmentTpm.start(folder.resolve("tpm"), vendor);
    open.add(chip);
    Path log = chip.boot(TestTpm.BOOT);
    AttestationServiceBlockingStub attester =
        attester(Optional.of(TestTpm.config(chip, vendor, KeyKind.ECDSA, false, log)));
    CreateQuoteRequest good =
        quoteRequest(
            CreateChallengeResponse.newBuilder()
                .setNonce(ByteString.copyFrom(new byte[32]))
                .addPcrSelection(0)
                .build());
    assertThat(attester.createQuote(good).getQuote().getPcrValuesCount()).isEqualTo(1);

    refused(
        ErrorReason.ERROR_REASON_PERMISSION_DENIED,
        "gateway: value: " + ALPHA.uri(),
        () -> attester.createQuote(good.toBuilder().setGateway(ALPHA.uri()).build()));
    refused(
        ErrorReason.ERROR_REASON_PERMISSION_DENIED,
        "tls_pubkey: value: ",
        () ->
            attester.createQuote(
                good.toBuilder().setTlsPubkey(alphaGateway.signingKey().publicKey()).build()));
    refused(
        ErrorReason.ERROR_REASON_FIELD_INVALID,
        "nonce: value: 3 bytes",
        () ->
            attester.createQuote(
                good.toBuilder().setNonce(ByteString.copyFromUtf8("abc")).build()));
    refused(
        ErrorReason.ERROR_REASON_FIELD_INVALID,
        "pcr_selection: value: 24",
        () -> attester.createQuote(good.toBuilder().addPcrSelection(24).build()));
    refused(
        ErrorReason.ERROR_REASON_ATTESTATION_REFUSED,
        "credential_blob: ",
        () -> attester.activateCredential(ActivateCredentialRequest.getDefaultInstance()));
  }

  @Test
  void withoutATpmTheServiceSaysSo() throws Exception {
    AttestationServiceBlockingStub attester = attester(Optional.empty());

    refused(
        ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
        "there is no TPM here: the configuration names none",
        () -> attester.createQuote(CreateQuoteRequest.getDefaultInstance()));
  }

  @Test
  void aTpmThatDoesNotAnswerIsAskedAgainLater() throws Exception {
    Path vendor = folder.resolve("ca");
    DevelopmentTpm chip = DevelopmentTpm.start(folder.resolve("tpm"), vendor);
    chip.close();
    AttestationServiceBlockingStub attester =
        attester(
            Optional.of(TestTpm.config(chip, vendor, KeyKind.ECDSA, false, folder.resolve("no"))));

    refused(
        ErrorReason.ERROR_REASON_UNAVAILABLE,
        "the TPM can't be reached: ",
        () ->
            attester.activateCredential(
                ActivateCredentialRequest.newBuilder()
                    .setCredentialBlob(ByteString.fromHex("0000"))
                    .setEncryptedSecret(ByteString.fromHex("0000"))
                    .build()));
  }

  @Test
  void onlyGatewaysOfItsOwnOrganizationAreServed() throws Exception {
    Path vendor = madeVendor();
    RunningService service =
        service(
            alpha.issue(VERIFIER, "verifier", List.of(beta.asTrusted())),
            Optional.empty(),
            verifierConfig(vendor));

    refused(
        ErrorReason.ERROR_REASON_PERMISSION_DENIED,
        BETA + " is not of alpha.example",
        () -> stub(service, VERIFIER, betaGateway).createChallenge(challengeRequest()));
    refused(
        ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
        "there is no TPM here",
        () ->
            stub(service, VERIFIER, alphaGateway)
                .createQuote(CreateQuoteRequest.getDefaultInstance()));
    refused(
        ErrorReason.ERROR_REASON_ATTESTATION_REFUSED,
        "gateway: no profile of the policy names odapgw://gamma.example/gateway-1",
        () ->
            stub(service, VERIFIER, alphaGateway)
                .createChallenge(
                    challengeRequest().toBuilder()
                        .setGateway("odapgw://gamma.example/gateway-1")
                        .build()));
  }

  /** Certificates alone; no TPM is started. */
  private Path madeVendor() throws Exception {
    Path vendor = Files.createDirectories(folder.resolve("ca"));
    Files.copy(alpha.entityCertificate(), DevelopmentTpm.root(vendor));
    return vendor;
  }

  private Optional<VerifierConfig> verifierConfig(Path vendor) throws Exception {
    Path policy = Files.writeString(folder.resolve("policy.yaml"), TestVerifier.policy(vendor, ""));
    return Optional.of(
        new VerifierConfig(
            policy, Duration.ofSeconds(2), folder.resolve("data"), Duration.ofSeconds(60)));
  }

  private AttestationServiceBlockingStub attester(Optional<AttesterConfig> config)
      throws Exception {
    RunningService service =
        service(
            beta.issue(ATTESTER, "attester", List.of(alpha.asTrusted())),
            config,
            config.isPresent() ? Optional.empty() : verifierConfig(madeVendor()));
    return stub(service, ATTESTER, betaGateway);
  }

  private RunningService service(
      TlsFiles tls, Optional<AttesterConfig> attester, Optional<VerifierConfig> verifier)
      throws Exception {
    List<CallerRule> callers =
        List.of(
            new CallerRule(ALPHA.uri(), List.of("odap.attestation.v1.AttestationService")),
            new CallerRule(BETA.uri(), List.of("odap.attestation.v1.AttestationService")));
    RunningService service =
        AttestationMain.service()
            .start(
                new AttestationConfig(
                    tls,
                    RpcServerConfig.loopback(callers),
                    OperationsConfig.standard(),
                    attester,
                    verifier,
                    Optional.empty(),
                    Optional.empty()),
                Set.of());
    open.add(service);
    return service;
  }

  private AttestationServiceBlockingStub stub(
      RunningService service, Identity server, TlsMaterial caller) {
    ManagedChannel channel = RpcChannels.channel("127.0.0.1", service.port(), caller, server);
    open.add(channel::shutdownNow);
    return AttestationServiceGrpc.newBlockingStub(channel);
  }

  private CreateChallengeRequest challengeRequest() {
    return CreateChallengeRequest.newBuilder()
        .setGateway(BETA.uri())
        .setSessionId(SESSION)
        .setTlsPubkey(betaGateway.signingKey().publicKey())
        .build();
  }

  private CreateQuoteRequest quoteRequest(CreateChallengeResponse challenge) {
    return CreateQuoteRequest.newBuilder()
        .setNonce(challenge.getNonce())
        .addAllPcrSelection(challenge.getPcrSelectionList())
        .setGateway(BETA.uri())
        .setSessionId(SESSION)
        .setTlsPubkey(betaGateway.signingKey().publicKey())
        .build();
  }

  private static String metrics(RunningService service) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + service.operationsPort() + "/metrics");
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static void refused(ErrorReason reason, String description, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            failure -> {
              var refusal = OdapErrors.fromGrpc(failure);
              assertThat(refusal.reason()).isEqualTo(reason);
              assertThat(refusal.description()).startsWith(description);
            });
  }
}
