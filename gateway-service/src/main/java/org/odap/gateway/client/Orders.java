package org.odap.gateway.client;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.ApplicationProfile;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InterTrustProposal;
import org.odap.api.peer.v1.Rejection;
import org.odap.api.storage.v1.TransferOrder;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.core.attestation.Attestation;
import org.odap.core.attestation.Attestation.Standing;
import org.odap.core.attestation.ResultToken.Expected;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.PublicKeys;
import org.odap.core.intertrust.InterTrustFlow;
import org.odap.core.log.DerivedId;
import org.odap.core.quorum.Statements;
import org.odap.core.resource.ClientDescriptor;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.transfer.Input;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.application.ApplicationProfiles;
import org.odap.gateway.ledger.Ledger;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.profile.AssetProfiles;
import org.odap.gateway.profile.ProfileRules;
import org.odap.gateway.quorum.QuorumKeys;
import org.odap.gateway.travelrule.TravelRule;
import org.odap.quorum.Groups;
import org.odap.runtime.rpc.FieldChecks;
import org.odap.runtime.rpc.OdapException;

/** Checks a client's order and makes the first proposal of it (ODAP 6.1). */
final class Orders {
  private static final int ID_MAX = 128;
  private static final int NAME_MAX = 256;
  private static final int PARAMETERS_MAX = 32;
  private static final int APPLICATION_NAME_MAX = 64;
  private static final int PARAMETER_MAX = 1_024;

  private final AssetProfiles profiles;
  private final ProfileRules profileRules;
  private final ApplicationProfiles applications;
  private final Ledgers ledgers;
  private final TimingConfig timing;
  private final LoggingProfile loggingProfile;
  private final Parties parties;
  private final QuorumKeys quorums;
  private final Counterpart counterpart;
  private final Attestation attestation;
  private final Clock clock;

  /** This gateway and those it proposes transfers to. */
  interface Parties {
    /** Identity (URI) of this gateway. */
    String identity();

    /** Public key of this gateway. */
    String pubkey();

    /**
     * Public key of a gateway.
     *
     * @throws OdapException PEER_UNKNOWN
     */
    String pubkeyOf(String gateway);

    /** One of the gateways in front of a ledger, by chance, if any is known to be (IT IV.A). */
    Optional<String> anyInFrontOf(String dltSystem);
  }

  /**
   * An order as the transfer takes it.
   *
   * @param session the session it runs in
   * @param recipient identity of the recipient gateway
   */
  record Taken(Input.Order order, String session, String recipient) {}

  /** Makes orders. */
  Orders(
      AssetProfiles profiles,
      ProfileRules profileRules,
      ApplicationProfiles applications,
      Ledgers ledgers,
      TimingConfig timing,
      LoggingProfile loggingProfile,
      Parties parties,
      QuorumKeys quorums,
      Counterpart counterpart,
      Attestation attestation,
      Clock clock) {
    this.profiles = profiles;
    this.profileRules = profileRules;
    this.applications = applications;
    this.ledgers = ledgers;
    this.timing = timing;
    this.loggingProfile = loggingProfile;
    this.parties = parties;
    this.quorums = quorums;
    this.counterpart = counterpart;
    this.attestation = attestation;
    this.clock = clock;
  }

  /**
   * The session an order runs in: derived from this gateway, the client and its key, so that a
   * repeat finds the same transfer whatever was forgotten in between, and the same order given to
   * another gateway is another transfer. A version 8 UUID (RFC 9562).
   */
  String sessionId(String client, String requestId) {
    return DerivedId.of(parties.identity() + "\n" + client + "\n" + requestId);
  }

  /**
   * The travel-rule data of a transfer that was ordered here or proposed to this gateway.
   *
   * @throws OdapException UNAVAILABLE
   */
  Optional<TravelRule.Kept> travelRule(Session session, String own) {
    String sender = session.role() == Role.SENDER ? own : session.peerIdentity();
    return counterpart.kept(session.id(), sender);
  }

  /**
   * The order as the transfer takes it, with the place of the beneficiary it names.
   *
   * @throws OdapException FIELD_*, PEER_UNKNOWN, LEDGER_UNKNOWN, ASSET_PROFILE_DENIED,
   *     VASP_NOT_ACTIVE, APPLICATION_PROFILE_UNSUPPORTED, ATTESTATION_REQUIRED,
   *     ATTESTATION_REFUSED; UNAVAILABLE while the other side can't be asked
   */
  Taken order(StartTransferRequest asked, String client) {
    StartTransferRequest request = addressed(counterpart.resolved(asked));
    check(request);
    String session = sessionId(client, request.getRequestId());
    InitializationRequest terms = terms(request, client, session);
    TransferOrder order =
        TransferOrder.newBuilder()
            .setRequestId(request.getRequestId())
            .setClient(client)
            .setHashRequest(hash(asked))
            .setBeneficiaryId(request.getBeneficiaryId())
            .setClientTransferNumber(request.getClientTransferNumber())
            .build();
    return new Taken(new Input.Order(order, terms), session, request.getRecipientGateway());
  }

  /** Where several gateways would do, none can be lain in wait for (IT IV.A). */
  private StartTransferRequest addressed(StartTransferRequest request) {
    return request.getRecipientGateway().isEmpty()
        ? parties
            .anyInFrontOf(request.getRecipientDltSystem())
            .map(any -> request.toBuilder().setRecipientGateway(any).build())
            .orElse(request)
        : request;
  }

  private InitializationRequest terms(StartTransferRequest request, String client, String session) {
    if (request.hasApplicationProfile()) {
      requireSupported(request.getApplicationProfile());
    }
    AssetProfile profile = profiles.get(request.getAssetProfileId());
    takes(profile);
    Asset wanted = wanted(request.getAsset(), profile.getKind());
    String recipientPubkey = parties.pubkeyOf(request.getRecipientGateway());
    counterpart.require(request.getRecipientGateway(), recipientPubkey, clock.millis());
    Ledger ledger = ledgers.get(request.getSenderDltSystem());
    Asset asset = onLedger(wanted, profile.getProfileId(), request.getSenderDltSystem());
    InitializationRequest.Builder terms =
        InitializationRequest.newBuilder()
            .setEnvelope(Envelope.newBuilder().setDeveloperUrn(request.getDeveloperUrn()))
            .setLoggingProfile(loggingProfile)
            .setAccessControlProfile(AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY)
            .setSourceGatewayPubkey(parties.pubkey())
            .setSourceGatewayDltSystem(request.getSenderDltSystem())
            .setRecipientGatewayPubkey(recipientPubkey)
            .setRecipientGatewayDltSystem(request.getRecipientDltSystem())
            .setEscrowType(
                request.getEscrowType() == EscrowType.ESCROW_TYPE_UNSPECIFIED
                    ? EscrowType.ESCROW_TYPE_TIMELOCK
                    : request.getEscrowType())
            .setExpiryTime(clock.millis() + lockMillis(request))
            .setOrigin(request.getOrigin())
            .setDestination(request.getDestination())
            .setAsset(asset)
            .setAssetProfile(profile)
            .setOriginatorPubkey(request.getOriginatorPubkey())
            .setBeneficiaryPubkey(request.getBeneficiaryPubkey())
            .setCommitProtocol(
                request.getCommitProtocol() == CommitProtocol.COMMIT_PROTOCOL_UNSPECIFIED
                    ? CommitProtocol.COMMIT_PROTOCOL_TWO_PHASE
                    : request.getCommitProtocol())
            .addAllLockClaimFormats(formats(request, ledger))
            .addSignatureAlgorithms("ES256")
            .setAttestationResult(
                attested(new Expected(request.getRecipientGateway(), session, recipientPubkey)));
    if (request.hasApplicationProfile()) {
      terms.getEnvelopeBuilder().setApplicationProfile(request.getApplicationProfile());
    }
    if (InterTrustFlow.offers(terms.build())) {
      terms.setIntertrust(
          InterTrustProposal.newBuilder()
              .setHashOrder(hashOrder(client, request.getRequestId()))
              .setGroup(ledger.participants()));
    }
    counterpart
        .sealed(request.getTravelRule(), terms.build(), session, request.getRecipientGateway())
        .ifPresent(terms::setTravelRulePayload);
    return terms.build();
  }

  /** How the lock may be proved: in the InterTrust mode alone where nothing else would do. */
  private List<String> formats(StartTransferRequest request, Ledger ledger) {
    String recipientDlt = request.getRecipientDltSystem();
    boolean dealing = quorums.knowsParticipants(recipientDlt);
    if (request.getOneOfSeveral()) {
      requireOneAtMost(ledger, dealing);
      return List.of(Statements.INTERTRUST);
    }
    if (!quorums.wantsDealing(recipientDlt)) {
      return ledger.evidenceFormats(dealing);
    }
    if (!ledger.hasParticipants()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
          "recipient_dlt_system: its claims are taken in the InterTrust mode alone, and nobody"
              + " vouches for "
              + ledger.dltSystem());
    }
    return List.of(Statements.INTERTRUST);
  }

  /** Of several transfers of one order participants let one through, if that is in their power. */
  private static void requireOneAtMost(Ledger ledger, boolean dealing) {
    if (!dealing || !ledger.hasParticipants()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
          "one_of_several: needs the InterTrust mode, and the participants of both ledgers are"
              + " not known here");
    }
    ParticipantGroup group = ledger.participants();
    if (group.getThreshold() < Groups.confirmationsNeeded(group)) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
          "one_of_several: threshold %d of %s would let two through (expected: %d or more)"
              .formatted(
                  group.getThreshold(), ledger.dltSystem(), Groups.confirmationsNeeded(group)));
    }
  }

  /** Whichever gateway it is given to: the same order, the same tx (IT V.C). */
  private static String hashOrder(String client, String requestId) {
    return Hash.of(("order\n" + client + "\n" + requestId).getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What tells a repeat from another order under the same key. Without travel-rule data: a hash of
   * what few people know can be guessed. And without what the directory or chance gave: it may be
   * something else next time.
   */
  private static String hash(StartTransferRequest asked) {
    return Hash.of(CanonicalJson.of(asked.toBuilder().clearTravelRule().build()));
  }

  /** What the recipient's machine has proven, where that is asked for (ARCH 6). */
  private String attested(Expected about) {
    return switch (attestation.of(about, clock.millis())) {
      case Standing.Fine fine -> fine.result();
      case Standing.Failed failed ->
          throw new OdapException(failed.reason(), "recipient_gateway: " + failed.description());
    };
  }

  /** An application that asks for a profile relies on it (ODAP 5.8). */
  private void requireSupported(ApplicationProfile profile) {
    Optional<String> mistake = applications.mistake(profile);
    if (mistake.isPresent()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_APPLICATION_PROFILE_UNSUPPORTED,
          "application_profile: " + mistake.get());
    }
  }

  /** What can be said of an order's fields before anything is looked up. */
  private void check(StartTransferRequest request) {
    FieldChecks checks =
        new FieldChecks()
            .text("request_id", request.getRequestId(), ID_MAX)
            .text("sender_dlt_system", request.getSenderDltSystem(), ID_MAX)
            .text("recipient_gateway", request.getRecipientGateway(), NAME_MAX)
            .text("recipient_dlt_system", request.getRecipientDltSystem(), ID_MAX)
            .text("asset_profile_id", request.getAssetProfileId(), NAME_MAX)
            .optionalText("beneficiary_id", request.getBeneficiaryId(), NAME_MAX)
            .text("origin", request.getOrigin(), NAME_MAX)
            .optionalText("destination", request.getDestination(), NAME_MAX)
            .optionalText("client_transfer_number", request.getClientTransferNumber(), ID_MAX);
    key(checks, "originator_pubkey", request.getOriginatorPubkey());
    key(checks, "beneficiary_pubkey", request.getBeneficiaryPubkey());
    if (!request.getSenderDltSystem().isEmpty()
        && request.getSenderDltSystem().equals(request.getRecipientDltSystem())) {
      checks.invalid(
          "recipient_dlt_system",
          request.getRecipientDltSystem(),
          "another ledger than sender_dlt_system");
    }
    long lock = Integer.toUnsignedLong(request.getLockDurationMillis());
    long lockMin = timing.lockMin().toMillis();
    if (lock != 0 && lock < lockMin) {
      checks.invalid("lock_duration_millis", Long.toString(lock), "0, or " + lockMin + " or more");
    }
    if (request.getEscrowType() == EscrowType.UNRECOGNIZED) {
      checks.invalid("escrow_type", "" + request.getEscrowTypeValue(), "one of EscrowType");
    }
    if (request.getCommitProtocol() == CommitProtocol.UNRECOGNIZED) {
      checks.invalid(
          "commit_protocol", "" + request.getCommitProtocolValue(), "one of CommitProtocol");
    }
    if (!request.getDeveloperUrn().isEmpty()
        && ClientDescriptor.parse(request.getDeveloperUrn()).isEmpty()) {
      checks.invalid(
          "developer_urn", request.getDeveloperUrn(), "odapclient:organization/gateway/unit/name");
    }
    profile(checks, request.getApplicationProfile());
    checks.end();
  }

  private static void profile(FieldChecks checks, ApplicationProfile profile) {
    String field = "application_profile.";
    checks
        .optionalText(
            field + "application_name", profile.getApplicationName(), APPLICATION_NAME_MAX)
        .count(field + "parameters", profile.getParametersCount(), PARAMETERS_MAX);
    profile
        .getParametersMap()
        .forEach((name, value) ->
            checks
                .text(field + "parameters", name, ID_MAX)
                .optionalText(field + "parameters", value, PARAMETER_MAX));
  }

  private static void key(FieldChecks checks, String field, String value) {
    if (value.isEmpty()) {
      checks.missing(field);
    } else if (PublicKeys.parse(value).isEmpty()) {
      checks.invalid(field, value, "base64url of the SPKI DER of a P-256 key");
    }
  }

  /** Which asset or how much: what else an asset holds follows from its profile. */
  private static Asset wanted(Asset asset, AssetKind kind) {
    FieldChecks checks = new FieldChecks();
    if (asset.getKind() != AssetKind.ASSET_KIND_UNSPECIFIED && asset.getKind() != kind) {
      checks.invalid("asset.kind", "" + asset.getKindValue(), kind + ", as the profile says");
    }
    if (kind == AssetKind.ASSET_KIND_UNIQUE) {
      checks
          .decimal("asset.asset_id", asset.getAssetId())
          .absent("asset.amount", asset.getAmount())
          .end();
      return Asset.newBuilder().setAssetId(asset.getAssetId()).build();
    }
    checks.decimal("asset.amount", asset.getAmount()).absent("asset.asset_id", asset.getAssetId());
    if (asset.getAmount().equals("0")) {
      checks.invalid("asset.amount", "0", "more than 0");
    }
    checks.end();
    return Asset.newBuilder().setAmount(asset.getAmount()).build();
  }

  private void takes(AssetProfile profile) {
    List<Rejection> rejections = profileRules.ofItself(profile, clock.millis());
    if (!rejections.isEmpty()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED,
          rejections.stream()
              .map(rejection -> rejection.getField() + ": " + rejection.getDescription())
              .collect(Collectors.joining("; ")));
    }
  }

  private Asset onLedger(Asset wanted, String profileId, String dltSystem) {
    return profiles
        .onLedger(profileId, dltSystem, wanted)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED,
                "asset_profile_id: " + profileId + " has no class on " + dltSystem));
  }

  private long lockMillis(StartTransferRequest request) {
    return request.getLockDurationMillis() == 0
        ? timing.lockDefault().toMillis()
        : Integer.toUnsignedLong(request.getLockDurationMillis());
  }
}
