package org.odap.core.lockevidence;

import static org.odap.core.session.Check.require;
import static org.odap.core.session.Check.same;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.peer.v1.TransferCommence;
import org.odap.api.peer.v1.TransferCommenceAck;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.intertrust.InterTrustFlow;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.AttestationChecks;
import org.odap.core.session.Check;
import org.odap.core.session.Check.Scene;
import org.odap.core.session.Claims;
import org.odap.core.session.Envelopes;
import org.odap.core.session.Links;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Session;

/** The messages of phase 2: how they are made and what is checked in each (ODAP 7.1 to 7.4). */
public final class LockEvidenceFlow {
  /**
   * A ledger whose clock counts seconds lets a lock go up to this much before the agreed instant.
   */
  public static final long EXPIRY_ROUNDING_MILLIS = 1_000;

  /** Checks of a TransferCommence beyond structure and signature. */
  public static final List<Check> COMMENCE =
      List.of(
          Links.previous("hash_prev_message", "ODAP 7.1"),
          new Check(
              "It repeats the terms of phase 1 unchanged.",
              "ODAP 7.1",
              LockEvidenceFlow::checkTerms),
          AttestationChecks.aboutUs(
              message -> message.as(TransferCommence.class).getAttestationResult()),
          new Check(
              "The proposal has not expired.",
              "ODAP 7.1, 7.3",
              scene -> notExpired(scene, scene.session().expiryTime())));

  /** Checks of a TransferCommenceAck. */
  public static final List<Check> COMMENCE_ACK =
      List.of(
          Links.previous("hash_commence_request", "ODAP 7.2"),
          AttestationChecks.aboutUs(
              message -> message.as(TransferCommenceAck.class).getAttestationResult()));

  /** Checks of a LockEvidence. */
  public static final List<Check> EVIDENCE =
      List.of(
          Links.previous("hash_commence_ack_request", "ODAP 7.3"),
          new Check(
              "It repeats the expiry agreed in phase 1.",
              "ODAP 7.3",
              scene -> {
                long expiration =
                    scene.message().as(LockEvidence.class).getLockEvidenceExpiration();
                return same(
                    Long.toString(expiration),
                    Long.toString(scene.session().expiryTime()),
                    ErrorReason.ERROR_REASON_TERMS_CHANGED,
                    "lock_evidence_expiration");
              }),
          new Check(
              "It shows the lock of the agreed asset until then.",
              "ODAP 7.3",
              LockEvidenceFlow::checkLock),
          new Check(
              "The proof has the format agreed in phase 1.",
              "ODAP 7.3, ARCH 6",
              scene -> {
                LockEvidence evidence = scene.message().as(LockEvidence.class);
                String agreed = scene.session().agreement().getLockClaimFormat();
                ErrorReason changed = ErrorReason.ERROR_REASON_TERMS_CHANGED;
                return same(evidence.getLockClaimFormat(), agreed, changed, "lock_claim_format")
                    .or(() ->
                        same(
                            evidence.getLockEvidenceClaim().getProofFormat(),
                            agreed,
                            changed,
                            "lock_evidence_claim.proof_format"));
              }),
          ProofVerifier.holds(
              "lock_evidence_claim",
              message -> message.as(LockEvidence.class).getLockEvidenceClaim()),
          InterTrustFlow.EVIDENCE,
          new Check(
              "The lock has not expired.",
              "ODAP 7.3",
              scene ->
                  notExpired(
                      scene,
                      scene
                          .message()
                          .as(LockEvidence.class)
                          .getLockEvidenceClaim()
                          .getLockExpiry())));

  /** Checks of a LockEvidenceAck. */
  public static final List<Check> EVIDENCE_ACK =
      Stream.concat(
              Stream.of(Links.previous("hash_lockevidence_request", "ODAP 7.4")),
              InterTrustFlow.EVIDENCE_ACK.stream())
          .toList();

  private LockEvidenceFlow() {}

  /**
   * Makes 2.1: the sender gateway is ready to start (ODAP 7.1).
   *
   * @param newResult about the recipient gateway, where there is a newer one; empty = none
   */
  public static OdapMessage commence(
      Session session, String clientTransferNumber, String newResult, Signer signer) {
    InitializationRequest agreed = session.proposal();
    return OdapMessage.sign(
        TransferCommence.newBuilder()
            .setEnvelope(Envelopes.request(session))
            .setOriginatorPubkey(agreed.getOriginatorPubkey())
            .setBeneficiaryPubkey(agreed.getBeneficiaryPubkey())
            .setSenderDltSystem(agreed.getSourceGatewayDltSystem())
            .setRecipientDltSystem(agreed.getRecipientGatewayDltSystem())
            .setClientIdentityPubkey(session.ownPubkey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setHashAssetProfile(agreed.getEnvelope().getPayloadProfile().getHashAssetProfile())
            .setAssetUnit(agreed.getAsset().getAmount())
            .setHashPrevMessage(session.lastHash())
            .setClientTransferNumber(clientTransferNumber)
            .setAttestationResult(newResult)
            .build(),
        signer);
  }

  /**
   * Makes 2.2: the recipient gateway agrees to proceed (ODAP 7.2).
   *
   * @param newResult about the sender gateway, where there is a newer one; empty = none
   */
  public static OdapMessage commenceAck(
      Session session, OdapMessage request, String newResult, Signer signer) {
    return OdapMessage.sign(
        TransferCommenceAck.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(session.peerPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setHashCommenceRequest(request.hash())
            .setAttestationResult(newResult)
            .build(),
        signer);
  }

  /**
   * Makes 2.5: the sender gateway shows the lock (ODAP 7.3).
   *
   * @param dealt key for L2's participants, in the InterTrust mode
   */
  public static OdapMessage evidence(
      Session session, String clientTransferNumber, Optional<DealtKey> dealt, Signer signer) {
    LedgerClaim lock = session.claim(LedgerStep.LEDGER_STEP_LOCK).orElseThrow();
    LockEvidence.Builder evidence =
        LockEvidence.newBuilder()
            .setEnvelope(Envelopes.request(session))
            .setClientIdentityPubkey(session.ownPubkey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setLockEvidenceClaim(lock)
            .setLockClaimFormat(lock.getProofFormat())
            .setLockEvidenceExpiration(session.expiryTime())
            .setHashCommenceAckRequest(session.lastHash())
            .setClientTransferNumber(clientTransferNumber);
    dealt.ifPresent(evidence::setDealtKey);
    return OdapMessage.sign(evidence.build(), signer);
  }

  /**
   * Makes 2.6: the recipient gateway's receipt of the evidence (ODAP 7.4); in the InterTrust mode
   * with what its ledger did upon it.
   */
  public static OdapMessage evidenceAck(Session session, OdapMessage request, Signer signer) {
    LockEvidenceAck.Builder ack =
        LockEvidenceAck.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(session.peerPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setHashLockevidenceRequest(request.hash());
    if (session.isInterTrust()) {
      ack.setUnlockClaim(session.claim(LedgerStep.LEDGER_STEP_LOG_INCOMING).orElseThrow());
    }
    return OdapMessage.sign(ack.build(), signer);
  }

  /**
   * Checks a lock's claim against what phase 1 agreed; both gateways hold their ledgers and peers
   * to it.
   */
  public static Optional<Refusal> checkLockClaim(Session session, LedgerClaim lock, String field) {
    long agreed = session.expiryTime();
    return Claims.check(
            lock,
            field,
            session,
            LedgerStep.LEDGER_STEP_LOCK,
            session.frame().senderDlt(),
            session.proposal().getOrigin())
        .or(() ->
            require(
                lock.getLockExpiry() <= agreed
                    && lock.getLockExpiry() > agreed - EXPIRY_ROUNDING_MILLIS,
                ErrorReason.ERROR_REASON_CLAIM_WRONG,
                field + ".lock_expiry",
                field + ".lock_expiry: " + lock.getLockExpiry() + " (expected: " + agreed + ")"));
  }

  private static Optional<Refusal> checkLock(Scene scene) {
    LedgerClaim lock = scene.message().as(LockEvidence.class).getLockEvidenceClaim();
    return checkLockClaim(scene.session(), lock, "lock_evidence_claim");
  }

  private static Optional<Refusal> notExpired(Scene scene, long expiry) {
    return require(
        expiry > scene.now(),
        ErrorReason.ERROR_REASON_EXPIRED,
        "",
        "expiry: " + expiry + " has passed (now: " + scene.now() + ")");
  }

  private static Optional<Refusal> checkTerms(Scene scene) {
    TransferCommence commence = scene.message().as(TransferCommence.class);
    InitializationRequest agreed = scene.session().proposal();
    ErrorReason changed = ErrorReason.ERROR_REASON_TERMS_CHANGED;
    return same(
            commence.getHashAssetProfile(),
            agreed.getEnvelope().getPayloadProfile().getHashAssetProfile(),
            ErrorReason.ERROR_REASON_ASSET_PROFILE_WRONG,
            "hash_asset_profile")
        .or(() ->
            same(
                commence.getOriginatorPubkey(),
                agreed.getOriginatorPubkey(),
                changed,
                "originator_pubkey"))
        .or(() ->
            same(
                commence.getBeneficiaryPubkey(),
                agreed.getBeneficiaryPubkey(),
                changed,
                "beneficiary_pubkey"))
        .or(() ->
            same(
                commence.getSenderDltSystem(),
                agreed.getSourceGatewayDltSystem(),
                changed,
                "sender_dlt_system"))
        .or(() ->
            same(
                commence.getRecipientDltSystem(),
                agreed.getRecipientGatewayDltSystem(),
                changed,
                "recipient_dlt_system"))
        .or(() ->
            same(commence.getAssetUnit(), agreed.getAsset().getAmount(), changed, "asset_unit"));
  }

  /** The checks of phase 2 by type of message. */
  public static List<Check> checks(MessageType type) {
    return switch (type) {
      case TRANSFER_COMMENCE -> COMMENCE;
      case TRANSFER_COMMENCE_ACK -> COMMENCE_ACK;
      case LOCK_EVIDENCE -> EVIDENCE;
      case LOCK_EVIDENCE_ACK -> EVIDENCE_ACK;
      default -> throw new IllegalArgumentException("not a message of phase 2: " + type);
    };
  }
}
