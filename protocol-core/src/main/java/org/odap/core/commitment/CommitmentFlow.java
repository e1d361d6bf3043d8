package org.odap.core.commitment;

import static org.odap.core.session.Check.require;
import static org.odap.core.session.Check.same;

import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.CommitPrepare;
import org.odap.api.peer.v1.CommitPrepareAck;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.PreCommit;
import org.odap.api.peer.v1.PreCommitAck;
import org.odap.api.peer.v1.TransferComplete;
import org.odap.api.peer.v1.TransferCompleteAck;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Check;
import org.odap.core.session.Claims;
import org.odap.core.session.Envelopes;
import org.odap.core.session.Links;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Session;

/** The messages of phase 3: how they are made and what is checked in each (ODAP 8.1 to 8.5). */
public final class CommitmentFlow {
  /** Checks of a CommitPrepare beyond structure and signature. */
  public static final List<Check> PREPARE =
      List.of(
          Links.previous("hash_lockevidence_ack", "ODAP 8.1"),
          new Check(
              "Phase 3 can end before the lock expires, or it does not begin.",
              "ODAP 7.3, 8",
              scene ->
                  inTime(
                      scene,
                      scene.timing().commitMarginMillis()
                          + (scene.session().isThreePhase()
                              ? scene.timing().preCommitMillis()
                              : 0))));

  /** Checks of a CommitPrepareAck. */
  public static final List<Check> PREPARE_ACK =
      List.of(Links.previous("hash_commitprep", "ODAP 8.2"));

  /** Checks of a PreCommit. */
  public static final List<Check> PRE_COMMIT =
      List.of(
          Links.previous("hash_commitprepare_ack", "recovery-01 4.1"),
          new Check(
              "Phase 3 can end before the lock expires, or the recipient is not bound.",
              "ODAP 7.3, recovery-01 4.1",
              scene -> inTime(scene, scene.timing().commitMarginMillis())));

  /** Checks of a PreCommitAck. */
  public static final List<Check> PRE_COMMIT_ACK =
      List.of(Links.previous("hash_precommit", "recovery-01 4.1"));

  /** Checks of a CommitFinal. */
  public static final List<Check> FINAL =
      List.of(
          Links.previous("hash_commitprepare_ack", "ODAP 8.3"),
          new Check(
              "It shows that the locked asset was extinguished on L1, with reference to the lock.",
              "ODAP 8.3, ARCH 8 (3.3, 3.4)",
              scene ->
                  checkExtinguished(
                      scene.session(),
                      scene.message().as(CommitFinal.class).getCommitFinalClaim(),
                      "commit_final_claim")),
          ProofVerifier.holds(
              "commit_final_claim",
              message -> message.as(CommitFinal.class).getCommitFinalClaim()));

  /** Checks of a CommitFinalAck. */
  public static final List<Check> FINAL_ACK =
      List.of(
          Links.previous("hash_commitfinal", "ODAP 8.4"),
          new Check(
              "It shows that the asset was created on L2 for the beneficiary.",
              "ODAP 8.4, ARCH 8 (3.5, 3.6)",
              scene ->
                  checkCreated(
                      scene.session(),
                      scene.message().as(CommitFinalAck.class).getCommitAcknowledgementClaim(),
                      "commit_acknowledgement_claim")),
          ProofVerifier.holds(
              "commit_acknowledgement_claim",
              message -> message.as(CommitFinalAck.class).getCommitAcknowledgementClaim()));

  /** Checks of a TransferComplete. */
  public static final List<Check> COMPLETE =
      List.of(
          Links.previous("hash_commit_final_ack", "ODAP 8.5"),
          new Check(
              "It names the TransferCommence that opened phase 2.",
              "ODAP 8.5",
              scene ->
                  same(
                      scene.message().as(TransferComplete.class).getHashTransferCommence(),
                      scene.session().message(MessageType.TRANSFER_COMMENCE).hash(),
                      ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG,
                      "hash_transfer_commence")));

  /** Checks of a TransferCompleteAck. */
  public static final List<Check> COMPLETE_ACK =
      List.of(Links.previous("hash_transfer_complete", "ODAP 8.5"));

  private CommitmentFlow() {}

  /** Makes 3.1: the sender gateway is ready to commit (ODAP 8.1). */
  public static OdapMessage prepare(Session session, String clientTransferNumber, Signer signer) {
    return OdapMessage.sign(
        CommitPrepare.newBuilder()
            .setEnvelope(Envelopes.request(session))
            .setClientIdentityPubkey(session.ownPubkey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setHashLockevidenceAck(session.lastHash())
            .setClientTransferNumber(clientTransferNumber)
            .build(),
        signer);
  }

  /** Makes 3.2, the recipient gateway's binding promise (ODAP 8.2). */
  public static OdapMessage prepareAck(Session session, OdapMessage request, Signer signer) {
    return OdapMessage.sign(
        CommitPrepareAck.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(session.peerPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setHashCommitprep(request.hash())
            .build(),
        signer);
  }

  /** Makes the pre-commit of three-phase commit (recovery-01 4.1). */
  public static OdapMessage preCommit(Session session, String clientTransferNumber, Signer signer) {
    return OdapMessage.sign(
        PreCommit.newBuilder()
            .setEnvelope(Envelopes.request(session))
            .setClientIdentityPubkey(session.ownPubkey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setHashCommitprepareAck(session.lastHash())
            .setClientTransferNumber(clientTransferNumber)
            .build(),
        signer);
  }

  /** Makes the answer to the pre-commit, the recipient gateway's binding promise. */
  public static OdapMessage preCommitAck(Session session, OdapMessage request, Signer signer) {
    return OdapMessage.sign(
        PreCommitAck.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(session.peerPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setHashPrecommit(request.hash())
            .build(),
        signer);
  }

  /** Makes 3.4: the asset is extinguished on L1 (ODAP 8.3). */
  public static OdapMessage commitFinal(
      Session session, String clientTransferNumber, Signer signer) {
    LedgerClaim extinguished = session.claim(LedgerStep.LEDGER_STEP_FINALIZE_LOCK).orElseThrow();
    return OdapMessage.sign(
        CommitFinal.newBuilder()
            .setEnvelope(Envelopes.request(session))
            .setClientIdentityPubkey(session.ownPubkey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setCommitFinalClaim(extinguished)
            .setCommitFinalClaimFormat(extinguished.getProofFormat())
            .setHashCommitprepareAck(session.lastHash())
            .setClientTransferNumber(clientTransferNumber)
            .build(),
        signer);
  }

  /** Makes 3.6: the asset is created on L2 (ODAP 8.4). */
  public static OdapMessage commitFinalAck(Session session, OdapMessage request, Signer signer) {
    LedgerClaim created = session.claim(LedgerStep.LEDGER_STEP_CREATE).orElseThrow();
    return OdapMessage.sign(
        CommitFinalAck.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(session.peerPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setCommitAcknowledgementClaim(created)
            .setCommitAcknowledgementClaimFormat(created.getProofFormat())
            .setHashCommitfinal(request.hash())
            .build(),
        signer);
  }

  /** Makes 3.8: the sender gateway closes the session (ODAP 8.5). */
  public static OdapMessage complete(Session session, String clientTransferNumber, Signer signer) {
    return OdapMessage.sign(
        TransferComplete.newBuilder()
            .setEnvelope(Envelopes.request(session))
            .setClientIdentityPubkey(session.ownPubkey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setHashCommitFinalAck(session.lastHash())
            .setHashTransferCommence(session.message(MessageType.TRANSFER_COMMENCE).hash())
            .setClientTransferNumber(clientTransferNumber)
            .build(),
        signer);
  }

  /** Makes the receipt of 3.8. */
  public static OdapMessage completeAck(Session session, OdapMessage request, Signer signer) {
    return OdapMessage.sign(
        TransferCompleteAck.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(session.peerPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setHashTransferComplete(request.hash())
            .build(),
        signer);
  }

  /**
   * Checks a claim that the locked asset was extinguished; both gateways hold the ledger and the
   * peer to it.
   */
  public static Optional<Refusal> checkExtinguished(
      Session session, LedgerClaim claim, String field) {
    LedgerClaim lock =
        session.message(MessageType.LOCK_EVIDENCE).as(LockEvidence.class).getLockEvidenceClaim();
    return Claims.check(
            claim,
            field,
            session,
            LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
            session.frame().senderDlt(),
            session.proposal().getOrigin())
        .or(() ->
            same(
                claim.getReference(),
                Claims.reference(lock),
                ErrorReason.ERROR_REASON_CLAIM_WRONG,
                field + ".reference"));
  }

  /**
   * Checks a claim that the asset was created; both gateways hold the ledger and the peer to it.
   */
  public static Optional<Refusal> checkCreated(Session session, LedgerClaim claim, String field) {
    return Claims.check(
        claim,
        field,
        session,
        LedgerStep.LEDGER_STEP_CREATE,
        session.frame().recipientDlt(),
        session.destination());
  }

  /**
   * The recipient binds itself only when the sender can still commit.
   *
   * @param marginMillis time that must be left
   */
  private static Optional<Refusal> inTime(Check.Scene scene, long marginMillis) {
    long expiry =
        scene
            .session()
            .message(MessageType.LOCK_EVIDENCE)
            .as(LockEvidence.class)
            .getLockEvidenceClaim()
            .getLockExpiry();
    return require(
        expiry - scene.now() >= marginMillis,
        ErrorReason.ERROR_REASON_EXPIRY_TOO_NEAR,
        "",
        "lock_expiry: "
            + (expiry - scene.now())
            + " ms away (expected: "
            + marginMillis
            + " or more)");
  }

  /** The checks of phase 3 by type of message. */
  public static List<Check> checks(MessageType type) {
    return switch (type) {
      case COMMIT_PREPARE -> PREPARE;
      case COMMIT_PREPARE_ACK -> PREPARE_ACK;
      case PRE_COMMIT -> PRE_COMMIT;
      case PRE_COMMIT_ACK -> PRE_COMMIT_ACK;
      case COMMIT_FINAL -> FINAL;
      case COMMIT_FINAL_ACK -> FINAL_ACK;
      case TRANSFER_COMPLETE -> COMPLETE;
      case TRANSFER_COMPLETE_ACK -> COMPLETE_ACK;
      default -> throw new IllegalArgumentException("not a message of phase 3: " + type);
    };
  }
}
