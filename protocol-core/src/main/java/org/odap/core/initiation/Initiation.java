package org.odap.core.initiation;

import static org.odap.core.session.Check.require;
import static org.odap.core.session.Check.same;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.PayloadProfile;
import org.odap.api.peer.v1.Alternative;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.Rejection;
import org.odap.core.attestation.Attestation.Standing;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.intertrust.InterTrustFlow;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.AttestationChecks;
import org.odap.core.session.Check;
import org.odap.core.session.Check.Scene;
import org.odap.core.session.Envelopes;
import org.odap.core.session.Session;

/** The messages of phase 1: how they are made and what is checked in each (ODAP 6.1, 6.2). */
public final class Initiation {
  /** Proposals a session may see: two parties that have not agreed by then will not. */
  public static final int ROUNDS_MAX = 5;

  /** Field a rejection names when a person declined the transfer. */
  public static final String APPROVAL = "approval";

  /** Field a rejection names when the gateway's operators have it take nothing new. */
  public static final String OPERATION = "operation";

  /** Field a rejection names when a limit of the gateway's operators would be exceeded. */
  public static final String LIMIT = "limit";

  /** Field a rejection names when the application profile is none of the gateway's (ODAP 5.8). */
  public static final String APPLICATION_PROFILE = "application_profile";

  /** Field a rejection names when the sender gateway's machine has proven nothing (ARCH 6). */
  public static final String ATTESTATION = "attestation";

  /** Field a rejection names when what the machine has proven is not enough. */
  public static final String ATTESTATION_RESULT = "attestation_result";

  /**
   * What it means that a field was rejected, where there is a reason more telling than a denial.
   */
  private static final Map<String, ErrorReason> REASON_OF =
      Map.of(
          APPROVAL,
          ErrorReason.ERROR_REASON_DECLINED,
          OPERATION,
          ErrorReason.ERROR_REASON_NOT_ACCEPTING,
          LIMIT,
          ErrorReason.ERROR_REASON_LIMIT_EXCEEDED,
          ATTESTATION,
          ErrorReason.ERROR_REASON_ATTESTATION_REQUIRED,
          ATTESTATION_RESULT,
          ErrorReason.ERROR_REASON_ATTESTATION_REFUSED,
          APPLICATION_PROFILE,
          ErrorReason.ERROR_REASON_APPLICATION_PROFILE_UNSUPPORTED,
          "asset_profile",
          ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED,
          "recipient_gateway_dlt_system",
          ErrorReason.ERROR_REASON_LEDGER_UNKNOWN);

  /** Checks of an Initialization Request beyond structure and signature. */
  public static final List<Check> REQUEST =
      with(
          InterTrustFlow.REQUEST,
          new Check(
              "A round after a denial names that denial; the first names nothing.",
              "ODAP 6.2",
              scene ->
                  same(
                      scene.message().previousHash(),
                      scene.session().lastHash(),
                      ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG,
                      "hash_prev_message")),
          new Check(
              "There are no more rounds than the gateways have patience for.",
              "ODAP 6.2",
              scene ->
                  require(
                      scene.session().rounds() < ROUNDS_MAX,
                      ErrorReason.ERROR_REASON_OUT_OF_ORDER,
                      "",
                      "rounds: more than " + ROUNDS_MAX + " proposals in one session")),
          new Check(
              "The envelope's payload profile names the profile that is in the message.",
              "ODAP 5.2, 5.7",
              Initiation::checkProfile),
          new Check(
              "The asset is of the profile's kind.",
              "ODAP 5.7",
              scene ->
                  same(
                      request(scene).getAsset().getKind().name(),
                      request(scene).getAssetProfile().getKind().name(),
                      ErrorReason.ERROR_REASON_FIELD_INVALID,
                      "asset.kind")),
          new Check(
              "A hash is given exactly for escrows that open by a preimage.",
              "ODAP 6.1",
              Initiation::checkHashlock),
          AttestationChecks.aboutUs(
              message -> message.as(InitializationRequest.class).getAttestationResult()),
          new Check(
              "The two ledgers are different.",
              "ODAP 6.1",
              scene ->
                  require(
                      !request(scene)
                          .getSourceGatewayDltSystem()
                          .equals(request(scene).getRecipientGatewayDltSystem()),
                      ErrorReason.ERROR_REASON_FIELD_INVALID,
                      "recipient_gateway_dlt_system",
                      "recipient_gateway_dlt_system: the source ledger itself (expected: another ledger)")),
          new Check(
              "A later round keeps parties, asset and accounts.",
              "ODAP 6.2",
              Initiation::checkSameTransfer),
          new Check(
              "The expiry lies ahead, and far enough for the whole transfer.",
              "ODAP 6.1, 7.3",
              scene ->
                  require(
                          request(scene).getExpiryTime() > scene.now(),
                          ErrorReason.ERROR_REASON_EXPIRED,
                          "expiry_time",
                          "expiry_time: " + request(scene).getExpiryTime() + " has passed")
                      .or(() ->
                          require(
                              request(scene).getExpiryTime()
                                  >= scene.now()
                                      + Math.max(
                                          scene.timing().minLockMillis(), lockMarginMillis(scene)),
                              ErrorReason.ERROR_REASON_EXPIRY_TOO_NEAR,
                              "expiry_time",
                              "expiry_time: "
                                  + request(scene).getExpiryTime()
                                  + " is too near to end in time"))));

  /** Checks of an Initialization Request Message Response. */
  public static final List<Check> RESPONSE =
      with(
          InterTrustFlow.RESPONSE,
          answers("hash_initialization_request"),
          AttestationChecks.aboutUs(
              message -> message.as(InitializationResponse.class).getAttestationResult()),
          new Check(
              "Evidence format and algorithm are among those offered.",
              "ODAP 6.2, ARCH 6",
              Initiation::checkChoices),
          new Check(
              "The answer was not made before the request arrived.",
              "ODAP 6.2",
              scene -> {
                InitializationResponse response = scene.message().as(InitializationResponse.class);
                return require(
                    response.getProcessedTimestamp() >= response.getTimestamp(),
                    ErrorReason.ERROR_REASON_FIELD_INVALID,
                    "processed_timestamp",
                    "processed_timestamp: before timestamp");
              }),
          new Check(
              "Someone names the account the asset goes to, and only one of the two.",
              "ODAP 6.1, 6.2",
              scene -> {
                String chosen = scene.message().as(InitializationResponse.class).getDestination();
                String proposed = scene.session().proposal().getDestination();
                return require(
                    proposed.isEmpty()
                        ? !chosen.isEmpty()
                        : chosen.isEmpty() || chosen.equals(proposed),
                    ErrorReason.ERROR_REASON_TERMS_CHANGED,
                    "destination",
                    "destination: "
                        + chosen
                        + " (expected: "
                        + (proposed.isEmpty() ? "an account" : proposed)
                        + ")");
              }));

  /** Checks of an Initialization Denied Message. */
  public static final List<Check> DENIED = List.of(answers("hash_initialization_request"));

  private Initiation() {}

  /** Makes a round's Initialization Request from its terms. */
  public static OdapMessage request(Session session, InitializationRequest terms, Signer signer) {
    Envelope envelope =
        Envelopes.request(session).toBuilder()
            .setDeveloperUrn(terms.getEnvelope().getDeveloperUrn())
            .setResourceUrl(terms.getEnvelope().getResourceUrl())
            .setPayloadProfile(
                terms.getEnvelope().getPayloadProfile().toBuilder()
                    .setAssetProfileId(terms.getAssetProfile().getProfileId())
                    .setHashAssetProfile(Hash.of(CanonicalJson.of(terms.getAssetProfile()))))
            .build();
    InitializationRequest.Builder request =
        terms.toBuilder().setEnvelope(envelope).setHashPrevMessage(session.lastHash());
    if (!InterTrustFlow.offers(terms)) {
      // A round before may have offered the mode.
      request.clearIntertrust();
    }
    if (terms.getEnvelope().hasApplicationProfile()) {
      request
          .getEnvelopeBuilder()
          .setApplicationProfile(terms.getEnvelope().getApplicationProfile());
    }
    return OdapMessage.sign(request.build(), signer);
  }

  /** The denial of a proposal of a gateway whose machine is not what it should be. */
  public static InitiationPolicy.Deny unattested(Standing.Failed failed) {
    boolean nothing = failed.reason() == ErrorReason.ERROR_REASON_ATTESTATION_REQUIRED;
    return new InitiationPolicy.Deny(
        List.of(
            Rejection.newBuilder()
                .setField(nothing ? ATTESTATION : ATTESTATION_RESULT)
                .setDescription(failed.description())
                .build()),
        Optional.empty());
  }

  /**
   * Makes the agreement to the proposal on the table.
   *
   * @param attestationResult about the sender gateway; empty = none
   */
  public static OdapMessage response(
      OdapMessage request,
      InitiationPolicy.Agree agreed,
      String attestationResult,
      long receivedAt,
      long now,
      Signer signer) {
    InitializationRequest proposal = request.as(InitializationRequest.class);
    InitializationResponse.Builder response =
        InitializationResponse.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setHashInitializationRequest(request.hash())
            .setDestination(proposal.getDestination().isEmpty() ? agreed.destination() : "")
            .setTimestamp(receivedAt)
            .setProcessedTimestamp(Math.max(receivedAt, now))
            .setLoggingProfile(agreed.loggingProfile())
            .setLockClaimFormat(agreed.lockClaimFormat())
            .setSignatureAlgorithm(agreed.signatureAlgorithm())
            .setAttestationResult(attestationResult);
    agreed.intertrust().ifPresent(response::setIntertrust);
    return OdapMessage.sign(response.build(), signer);
  }

  /** Makes the denial of the proposal on the table. */
  public static OdapMessage denied(
      OdapMessage request,
      List<Rejection> rejections,
      Optional<Alternative> alternative,
      long receivedAt,
      long now,
      Signer signer) {
    InitializationDenied.Builder denied =
        InitializationDenied.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setHashInitializationRequest(request.hash())
            .addAllRejections(rejections)
            .setTimestamp(receivedAt)
            .setProcessedTimestamp(Math.max(receivedAt, now));
    alternative.ifPresent(denied::setAlternative);
    return OdapMessage.sign(denied.build(), signer);
  }

  /** What a denial says, for a person. */
  public static String words(InitializationDenied denied) {
    return denied.getRejectionsList().stream()
        .map(rejection -> rejection.getField() + ": " + rejection.getDescription())
        .collect(Collectors.joining("; "));
  }

  /** The reason a denial stands for: that of the first rejected field that has one of its own. */
  public static ErrorReason reason(InitializationDenied denied) {
    return denied.getRejectionsList().stream()
        .map(rejection -> rejection.getField().split("\\.", 2)[0])
        .filter(REASON_OF::containsKey)
        .map(REASON_OF::get)
        .findFirst()
        .orElse(ErrorReason.ERROR_REASON_INITIATION_DENIED);
  }

  private static List<Check> with(List<Check> further, Check... own) {
    return Stream.concat(Stream.of(own), further.stream()).toList();
  }

  private static long lockMarginMillis(Scene scene) {
    boolean threePhase =
        request(scene).getCommitProtocol() == CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE;
    return scene.timing().lockMarginMillis() + (threePhase ? scene.timing().preCommitMillis() : 0);
  }

  private static InitializationRequest request(Scene scene) {
    return scene.message().as(InitializationRequest.class);
  }

  private static Check answers(String field) {
    return new Check(
        "The answer names the hash of the request it answers.",
        "ODAP 6.2",
        scene ->
            same(
                scene.message().previousHash(),
                scene.session().lastHash(),
                ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG,
                field));
  }

  private static Optional<Refusal> checkProfile(Scene scene) {
    PayloadProfile named = scene.message().envelope().getPayloadProfile();
    ErrorReason wrong = ErrorReason.ERROR_REASON_ASSET_PROFILE_WRONG;
    return same(
            named.getAssetProfileId(),
            request(scene).getAssetProfile().getProfileId(),
            wrong,
            "envelope.payload_profile.asset_profile_id")
        .or(() ->
            same(
                named.getHashAssetProfile(),
                Hash.of(CanonicalJson.of(request(scene).getAssetProfile())),
                wrong,
                "envelope.payload_profile.hash_asset_profile"));
  }

  private static Optional<Refusal> checkHashlock(Scene scene) {
    EscrowType escrow = request(scene).getEscrowType();
    boolean wanted =
        escrow == EscrowType.ESCROW_TYPE_HASHLOCK || escrow == EscrowType.ESCROW_TYPE_HASHTIMELOCK;
    return require(
        wanted != request(scene).getHashlock().isEmpty(),
        wanted ? ErrorReason.ERROR_REASON_FIELD_MISSING : ErrorReason.ERROR_REASON_FIELD_INVALID,
        "hashlock",
        "hashlock: "
            + (wanted ? "empty" : "given")
            + " (expected: given exactly for hashlock and hashtimelock)");
  }

  private static Optional<Refusal> checkSameTransfer(Scene scene) {
    if (scene.session().rounds() == 0) {
      return Optional.empty();
    }
    InitializationRequest before = scene.session().proposal();
    InitializationRequest next = request(scene);
    boolean same =
        before.getAsset().equals(next.getAsset())
            && before.getOrigin().equals(next.getOrigin())
            && before.getDestination().equals(next.getDestination())
            && before.getOriginatorPubkey().equals(next.getOriginatorPubkey())
            && before.getBeneficiaryPubkey().equals(next.getBeneficiaryPubkey())
            && before.getSourceGatewayDltSystem().equals(next.getSourceGatewayDltSystem())
            && before.getRecipientGatewayDltSystem().equals(next.getRecipientGatewayDltSystem());
    return require(
        same,
        ErrorReason.ERROR_REASON_TERMS_CHANGED,
        "",
        "proposal: another asset, account or ledger than in the round before (expected: a new session for that)");
  }

  private static Optional<Refusal> checkChoices(Scene scene) {
    InitializationRequest offered = scene.session().proposal();
    InitializationResponse chosen = scene.message().as(InitializationResponse.class);
    ErrorReason changed = ErrorReason.ERROR_REASON_TERMS_CHANGED;
    return require(
            offered.getLockClaimFormatsList().isEmpty()
                ? chosen.getLockClaimFormat().isEmpty()
                : offered.getLockClaimFormatsList().contains(chosen.getLockClaimFormat()),
            changed,
            "lock_claim_format",
            "lock_claim_format: "
                + chosen.getLockClaimFormat()
                + " (expected: one that was offered)")
        .or(() ->
            require(
                offered.getSignatureAlgorithmsList().contains(chosen.getSignatureAlgorithm()),
                changed,
                "signature_algorithm",
                "signature_algorithm: "
                    + chosen.getSignatureAlgorithm()
                    + " (expected: one that was offered)"));
  }
}
