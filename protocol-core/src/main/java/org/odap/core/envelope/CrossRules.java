package org.odap.core.envelope;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_ASSET_PROFILE_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_MISSING;

import com.google.protobuf.Message;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.PayloadProfile;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.EscrowType;
import org.odap.api.peer.v1.InitializationDenied;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.core.refusal.Refusal;

/** Rules of a message's structure that speak of more than one field. */
final class CrossRules {
  private CrossRules() {}

  static Optional<Refusal> check(OdapMessage message) {
    return action(message).or(() -> checkOwn(message.protobuf()));
  }

  private static Optional<Refusal> checkOwn(Message message) {
    return switch (message) {
      case InitializationRequest request -> request(request);
      case InitializationResponse response ->
          times(response.getTimestamp(), response.getProcessedTimestamp());
      case InitializationDenied denied ->
          times(denied.getTimestamp(), denied.getProcessedTimestamp());
      case LockEvidence evidence ->
          asset(evidence.getLockEvidenceClaim().getAsset(), "lock_evidence_claim.asset.");
      case CommitFinal commit ->
          asset(commit.getCommitFinalClaim().getAsset(), "commit_final_claim.asset.");
      case CommitFinalAck ack ->
          asset(
              ack.getCommitAcknowledgementClaim().getAsset(),
              "commit_acknowledgement_claim.asset.");
      default -> Optional.empty();
    };
  }

  /** A request says how it acts, an answer with which code (ODAP 5.2 "Action/Response"). */
  private static Optional<Refusal> action(OdapMessage message) {
    String action = message.envelope().getActionResponse();
    boolean fits =
        message.type().request()
            ? action.equals("POST") || action.equals("GET")
            : action.matches("[1-5][0-9]{2}");
    return fits
        ? Optional.empty()
        : refuse(
            ERROR_REASON_FIELD_INVALID,
            "envelope.action_response",
            message.type().request()
                ? "not an action (expected: POST or GET)"
                : "not a response code (expected: three digits)");
  }

  private static Optional<Refusal> request(InitializationRequest request) {
    return asset(request.getAsset(), "asset.")
        .or(() -> kinds(request))
        .or(() -> profile(request))
        .or(() -> hashlock(request));
  }

  private static Optional<Refusal> asset(Asset asset, String path) {
    if (asset.getKind() == AssetKind.ASSET_KIND_UNIQUE && asset.getAssetId().isEmpty()) {
      return refuse(ERROR_REASON_FIELD_MISSING, path + "asset_id", "required of a unique asset");
    }
    if (asset.getKind() == AssetKind.ASSET_KIND_FUNGIBLE && asset.getAmount().isEmpty()) {
      return refuse(ERROR_REASON_FIELD_MISSING, path + "amount", "required of a fungible asset");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> kinds(InitializationRequest request) {
    AssetProfile profile = request.getAssetProfile();
    if (request.getAsset().getKind() != profile.getKind()) {
      return refuse(ERROR_REASON_FIELD_INVALID, "asset.kind", "not the kind of asset_profile");
    }
    if (profile.getKind() != AssetKind.ASSET_KIND_FUNGIBLE && profile.getDecimals() != 0) {
      return refuse(
          ERROR_REASON_FIELD_INVALID,
          "asset_profile.decimals",
          "only fungible assets have decimal places");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> profile(InitializationRequest request) {
    String path = "envelope.payload_profile";
    if (!request.getEnvelope().hasPayloadProfile()) {
      return refuse(ERROR_REASON_FIELD_MISSING, path, "required in phase 1");
    }
    PayloadProfile named = request.getEnvelope().getPayloadProfile();
    AssetProfile profile = request.getAssetProfile();
    if (!named.getAssetProfileId().equals(profile.getProfileId())) {
      return refuse(
          ERROR_REASON_ASSET_PROFILE_WRONG,
          path + ".asset_profile_id",
          "not the id of asset_profile");
    }
    if (!named.getHashAssetProfile().isEmpty()
        && !named.getHashAssetProfile().equals(Hash.of(CanonicalJson.of(profile)))) {
      return refuse(
          ERROR_REASON_ASSET_PROFILE_WRONG,
          path + ".hash_asset_profile",
          "not the hash of asset_profile");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> hashlock(InitializationRequest request) {
    boolean needed =
        request.getEscrowType() == EscrowType.ESCROW_TYPE_HASHLOCK
            || request.getEscrowType() == EscrowType.ESCROW_TYPE_HASHTIMELOCK;
    if (needed == request.getHashlock().isEmpty()) {
      return refuse(
          needed ? ERROR_REASON_FIELD_MISSING : ERROR_REASON_FIELD_INVALID,
          "hashlock",
          needed ? "required by the escrow type" : "not of this escrow type");
    }
    return Optional.empty();
  }

  private static Optional<Refusal> times(long received, long processed) {
    return processed < received
        ? refuse(ERROR_REASON_FIELD_INVALID, "processed_timestamp", "before timestamp")
        : Optional.empty();
  }

  private static Optional<Refusal> refuse(ErrorReason reason, String field, String description) {
    return Optional.of(new Refusal(reason, field, description));
  }
}
