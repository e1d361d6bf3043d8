package org.odap.core.envelope;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_INVALID;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_FIELD_MISSING;

import com.google.protobuf.Message;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.AssetProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.InitializationRequest;
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
        .or(() -> profile(request.getAssetProfile(), "asset_profile."))
        .or(() -> payloadProfile(request));
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

  static Optional<Refusal> profile(AssetProfile profile, String path) {
    if (profile.getKind() != AssetKind.ASSET_KIND_FUNGIBLE && profile.getDecimals() != 0) {
      return refuse(
          ERROR_REASON_FIELD_INVALID,
          path + "decimals",
          "only fungible assets have decimal places");
    }
    return Optional.empty();
  }

  /** Whether it is the profile of the proposal is the session's to judge. */
  private static Optional<Refusal> payloadProfile(InitializationRequest request) {
    return request.getEnvelope().hasPayloadProfile()
        ? Optional.empty()
        : refuse(ERROR_REASON_FIELD_MISSING, "envelope.payload_profile", "required in phase 1");
  }

  private static Optional<Refusal> refuse(ErrorReason reason, String field, String description) {
    return Optional.of(new Refusal(reason, field, description));
  }
}
