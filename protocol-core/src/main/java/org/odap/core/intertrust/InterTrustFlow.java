package org.odap.core.intertrust;

import static org.odap.core.session.Check.require;
import static org.odap.core.session.Check.same;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.EncryptedKeyShare;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.core.envelope.MessageType;
import org.odap.core.quorum.Statements;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Check;
import org.odap.core.session.Check.Scene;
import org.odap.core.session.Claims;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Role;
import org.odap.core.session.Session;

/**
 * InterTrust as a mode of ODAP's transfers (IT IV.B). Its setup goes with phase 1, its lock with
 * the lock evidence, its unlock with the receipt for that; its release is a rollback, and the abort
 * after an interval the lock's expiry. Each side deals the other's participants a key for this one
 * transfer, and believes of the other's ledger only what these signed with it and with their own.
 */
public final class InterTrustFlow {
  private static final Check UNLOCK_PROOF =
      ProofVerifier.holds(
          "unlock_claim", message -> message.as(LockEvidenceAck.class).getUnlockClaim());

  /** Checks of an Initialization Request. */
  public static final List<Check> REQUEST =
      List.of(
          new Check(
              "It names its ledger's participants exactly when it offers the mode.",
              "IT Setup",
              scene -> {
                InitializationRequest request = scene.message().as(InitializationRequest.class);
                return given(
                        request.hasIntertrust(),
                        offers(request),
                        "intertrust",
                        "lock_claim_formats")
                    .or(() ->
                        request.hasIntertrust()
                            ? sameLedger(
                                request.getIntertrust().getGroup(),
                                request.getSourceGatewayDltSystem(),
                                "intertrust.group")
                            : Optional.empty());
              }));

  /** Checks of an Initialization Request Message Response. */
  public static final List<Check> RESPONSE =
      List.of(
          new Check(
              "What the recipient will show in the end can be taken here.",
              "IT Setup, ODAP 8.4",
              scene ->
                  scene
                      .proofs()
                      .fault(scene.session(), scene.message().as(InitializationResponse.class))
                      .map(fault ->
                          new Refusal(
                              ErrorReason.ERROR_REASON_TERMS_CHANGED,
                              "lock_claim_format",
                              "lock_claim_format: " + fault))),
          new Check(
              "It names its ledger's participants, and deals ours a key, exactly in this mode.",
              "IT Setup",
              InterTrustFlow::checkAgreement),
          new Check(
              "The other ledger's participants are those known here.",
              "IT Setup",
              scene -> {
                InitializationResponse response = scene.message().as(InitializationResponse.class);
                return response.hasIntertrust()
                    ? scene
                        .proofs()
                        .fault(response.getIntertrust().getGroup())
                        .map(fault ->
                            new Refusal(
                                ErrorReason.ERROR_REASON_TERMS_CHANGED,
                                "intertrust.group",
                                "intertrust.group: " + fault))
                    : Optional.empty();
              }));

  /** The check of a LockEvidence. */
  public static final Check EVIDENCE =
      new Check(
          "It deals our ledger's participants a key exactly in this mode.",
          "IT Lock",
          scene -> {
            LockEvidence evidence = scene.message().as(LockEvidence.class);
            Session session = scene.session();
            return given(
                    evidence.hasDealtKey(),
                    session.isInterTrust(),
                    "dealt_key",
                    "the agreed format")
                .or(() ->
                    evidence.hasDealtKey()
                        ? fits(
                            evidence.getDealtKey(),
                            keyId(session.id(), Role.RECIPIENT),
                            session.agreement().getIntertrust().getGroup(),
                            "dealt_key")
                        : Optional.empty());
          });

  /** Checks of a LockEvidenceAck. */
  public static final List<Check> EVIDENCE_ACK =
      List.of(
          new Check(
              "It shows that L2 has logged the asset as incoming, exactly in this mode.",
              "IT Verification",
              InterTrustFlow::checkUnlock),
          new Check(
              "L2's participants signed unlock.",
              "IT Verification, Unlock",
              scene ->
                  scene.session().isInterTrust()
                      ? UNLOCK_PROOF.test().apply(scene)
                      : Optional.empty()));

  private InterTrustFlow() {}

  /** Whether a proposal offers this mode. */
  public static boolean offers(InitializationRequest proposal) {
    return proposal.getLockClaimFormatsList().contains(Statements.INTERTRUST);
  }

  /** The id of the key dealt to the participants of a role's ledger. */
  public static String keyId(String sessionId, Role role) {
    return sessionId + "/" + role.name().toLowerCase(Locale.ROOT);
  }

  /** The participants of a ledger of a session. */
  public static ParticipantGroup group(Session session, Role role) {
    return role == Role.SENDER
        ? session.proposal().getIntertrust().getGroup()
        : session.agreement().getIntertrust().getGroup();
  }

  /**
   * The key dealt to the participants of a role's ledger; those of the recipient's get theirs with
   * the lock evidence.
   */
  public static DealtKey key(Session session, Role role) {
    return role == Role.SENDER
        ? session.agreement().getIntertrust().getKey()
        : session.message(MessageType.LOCK_EVIDENCE).as(LockEvidence.class).getDealtKey();
  }

  /** The role of the gateway in front of a claim's ledger. */
  public static Role roleOf(Session session, LedgerClaim claim) {
    return claim.getDltSystem().equals(session.frame().senderDlt()) ? Role.SENDER : Role.RECIPIENT;
  }

  private static Optional<Refusal> checkAgreement(Scene scene) {
    InitializationResponse response = scene.message().as(InitializationResponse.class);
    InterTrustAgreement agreement = response.getIntertrust();
    Session session = scene.session();
    return given(
            response.hasIntertrust(),
            response.getLockClaimFormat().equals(Statements.INTERTRUST),
            "intertrust",
            "lock_claim_format")
        .or(() ->
            response.hasIntertrust()
                ? sameLedger(
                        agreement.getGroup(), session.frame().recipientDlt(), "intertrust.group")
                    .or(() ->
                        fits(
                            agreement.getKey(),
                            keyId(session.id(), Role.SENDER),
                            group(session, Role.SENDER),
                            "intertrust.key"))
                : Optional.empty());
  }

  private static Optional<Refusal> checkUnlock(Scene scene) {
    LockEvidenceAck ack = scene.message().as(LockEvidenceAck.class);
    Session session = scene.session();
    return given(ack.hasUnlockClaim(), session.isInterTrust(), "unlock_claim", "the agreed format")
        .or(() ->
            ack.hasUnlockClaim()
                ? Claims.check(
                    ack.getUnlockClaim(),
                    "unlock_claim",
                    session,
                    LedgerStep.LEDGER_STEP_LOG_INCOMING,
                    session.frame().recipientDlt(),
                    session.destination())
                : Optional.empty());
  }

  private static Optional<Refusal> given(
      boolean given, boolean wanted, String field, String decides) {
    return require(
        given == wanted,
        wanted ? ErrorReason.ERROR_REASON_FIELD_MISSING : ErrorReason.ERROR_REASON_FIELD_INVALID,
        field,
        field
            + ": "
            + (wanted ? "empty" : "given")
            + " (expected: given exactly when "
            + decides
            + " says "
            + Statements.INTERTRUST
            + ")");
  }

  private static Optional<Refusal> sameLedger(ParticipantGroup group, String dlt, String field) {
    return same(
        group.getDltSystem(), dlt, ErrorReason.ERROR_REASON_TERMS_CHANGED, field + ".dlt_system");
  }

  /** Whether the shares are right their participants find out: here it is seen that all get one. */
  private static Optional<Refusal> fits(
      DealtKey key, String keyId, ParticipantGroup group, String field) {
    ErrorReason invalid = ErrorReason.ERROR_REASON_SHARE_INVALID;
    List<Integer> indexes = key.getSharesList().stream().map(EncryptedKeyShare::getIndex).toList();
    List<Integer> all = IntStream.rangeClosed(1, group.getParticipantsCount()).boxed().toList();
    return same(key.getKeyId(), keyId, invalid, field + ".key_id")
        .or(() ->
            require(
                key.getCommitmentsCount() == group.getThreshold(),
                invalid,
                field + ".commitments",
                "%s.commitments: %d (expected: %d)"
                    .formatted(field, key.getCommitmentsCount(), group.getThreshold())))
        .or(() ->
            require(
                indexes.equals(all),
                invalid,
                field + ".shares",
                field + ".shares: not one for each participant in the order of their indexes"));
  }
}
