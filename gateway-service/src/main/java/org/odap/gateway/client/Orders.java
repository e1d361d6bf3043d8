package org.odap.gateway.client;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.odap.api.client.v1.StartTransferRequest;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.storage.v1.TransferOrder;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.PublicKeys;
import org.odap.core.transfer.Input;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.policy.AssetProfiles;
import org.odap.runtime.rpc.OdapException;

/** Checks a client's order and makes the first proposal of it (ODAP 6.1). */
final class Orders {
  private static final int ID_MAX = 128;
  private static final int ACCOUNT_MAX = 256;
  private static final Pattern UINT256 = Pattern.compile("0|[1-9][0-9]{0,77}");
  private static final String UINT256_MAX =
      "115792089237316195423570985008687907853269984665640564039457584007913129639935";

  private final AssetProfiles profiles;
  private final Ledgers ledgers;
  private final TimingConfig timing;
  private final Function<String, String> pubkeyOf;
  private final String ownPubkey;
  private final Clock clock;

  /**
   * Makes orders.
   *
   * @param pubkeyOf gives the public key of a gateway known here, else throws PEER_UNKNOWN
   */
  Orders(
      AssetProfiles profiles,
      Ledgers ledgers,
      TimingConfig timing,
      Function<String, String> pubkeyOf,
      String ownPubkey,
      Clock clock) {
    this.profiles = profiles;
    this.ledgers = ledgers;
    this.timing = timing;
    this.pubkeyOf = pubkeyOf;
    this.ownPubkey = ownPubkey;
    this.clock = clock;
  }

  /**
   * The session an order runs in: derived from the client and its key, so that a repeat finds the
   * same transfer whatever was forgotten in between. A version 8 UUID (RFC 9562).
   */
  static String sessionId(String client, String requestId) {
    String digest = Hash.of((client + "\n" + requestId).getBytes(StandardCharsets.UTF_8));
    long high = (Long.parseUnsignedLong(digest.substring(0, 16), 16) & ~0xF000L) | 0x8000L;
    long low =
        (Long.parseUnsignedLong(digest.substring(16, 32), 16) & 0x3FFFFFFFFFFFFFFFL)
            | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }

  /**
   * The order as the transfer takes it.
   *
   * @throws OdapException FIELD_*, PEER_UNKNOWN, LEDGER_UNKNOWN, ASSET_PROFILE_DENIED
   */
  Input.Order order(StartTransferRequest request, String client) {
    text("request_id", request.getRequestId(), ID_MAX);
    text("sender_dlt_system", request.getSenderDltSystem(), ID_MAX);
    text("recipient_dlt_system", request.getRecipientDltSystem(), ID_MAX);
    text("recipient_gateway", request.getRecipientGateway(), ACCOUNT_MAX);
    text("asset_profile_id", request.getAssetProfileId(), ACCOUNT_MAX);
    text("origin", request.getOrigin(), ACCOUNT_MAX);
    key("originator_pubkey", request.getOriginatorPubkey());
    key("beneficiary_pubkey", request.getBeneficiaryPubkey());
    if (request.getSenderDltSystem().equals(request.getRecipientDltSystem())) {
      throw OdapException.fieldInvalid(
          "recipient_dlt_system",
          request.getRecipientDltSystem(),
          "another ledger than sender_dlt_system");
    }
    String recipientPubkey = pubkeyOf.apply(request.getRecipientGateway());
    DescribeResponse ledger = ledgers.get(request.getSenderDltSystem()).description();
    AssetProfile profile = profiles.get(request.getAssetProfileId());
    Asset asset = asset(request, profile);
    InitializationRequest.Builder terms =
        InitializationRequest.newBuilder()
            .setEnvelope(Envelope.newBuilder().setDeveloperUrn(request.getDeveloperUrn()))
            .setLoggingProfile(LoggingProfile.LOGGING_PROFILE_LOCAL_STORE)
            .setAccessControlProfile(AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY)
            .setSourceGatewayPubkey(ownPubkey)
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
            .addAllLockClaimFormats(ledger.getEvidenceFormatsList())
            .addSignatureAlgorithms("ES256");
    if (request.hasApplicationProfile()) {
      terms.getEnvelopeBuilder().setApplicationProfile(request.getApplicationProfile());
    }
    TransferOrder order =
        TransferOrder.newBuilder()
            .setRequestId(request.getRequestId())
            .setClient(client)
            .setHashRequest(Hash.of(CanonicalJson.of(request)))
            .setClientTransferNumber(request.getClientTransferNumber())
            .build();
    return new Input.Order(order, terms.build());
  }

  private Asset asset(StartTransferRequest request, AssetProfile profile) {
    Asset wanted = request.getAsset();
    Asset asset;
    if (profile.getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      number("asset.asset_id", wanted.getAssetId());
      asset = Asset.newBuilder().setAssetId(wanted.getAssetId()).build();
    } else {
      number("asset.amount", wanted.getAmount());
      if (wanted.getAmount().equals("0")) {
        throw OdapException.fieldInvalid("asset.amount", "0", "more than 0");
      }
      asset = Asset.newBuilder().setAmount(wanted.getAmount()).build();
    }
    Optional<Asset> local =
        profiles.onLedger(profile.getProfileId(), request.getSenderDltSystem(), asset);
    return local.orElseThrow(() ->
        new OdapException(
            ErrorReason.ERROR_REASON_ASSET_PROFILE_DENIED,
            "asset_profile_id: "
                + profile.getProfileId()
                + " has no class on "
                + request.getSenderDltSystem()));
  }

  private long lockMillis(StartTransferRequest request) {
    long lock = Integer.toUnsignedLong(request.getLockDurationMillis());
    if (lock == 0) {
      return timing.lockDefault().toMillis();
    }
    if (lock < timing.lockMin().toMillis()) {
      throw OdapException.fieldInvalid(
          "lock_duration_millis", lock, timing.lockMin().toMillis() + " or more");
    }
    return lock;
  }

  private static void text(String field, String value, int max) {
    if (value.isEmpty()) {
      throw OdapException.fieldMissing(field);
    }
    if (value.length() > max) {
      throw OdapException.fieldInvalid(field, value.length() + " characters", "at most " + max);
    }
  }

  private static void key(String field, String value) {
    if (value.isEmpty()) {
      throw OdapException.fieldMissing(field);
    }
    if (PublicKeys.parse(value).isEmpty()) {
      throw OdapException.fieldInvalid(field, value, "base64url of an SPKI DER public key");
    }
  }

  private static void number(String field, String value) {
    if (value.isEmpty()) {
      throw OdapException.fieldMissing(field);
    }
    boolean tooLarge = value.length() == UINT256_MAX.length() && value.compareTo(UINT256_MAX) > 0;
    if (!UINT256.matcher(value).matches() || tooLarge) {
      throw OdapException.fieldInvalid(
          field, value, "a decimal number below 2^256 without leading zeros");
    }
  }
}
