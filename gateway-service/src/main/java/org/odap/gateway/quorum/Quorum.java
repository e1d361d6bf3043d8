package org.odap.gateway.quorum;

import io.grpc.Channel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InterTrustAgreement;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.threshold.v1.CollectSignatureRequest;
import org.odap.api.threshold.v1.CollectSignatureResponse;
import org.odap.api.threshold.v1.DealKeyRequest;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.DescribeQuorumRequest;
import org.odap.api.threshold.v1.DistributeKeyRequest;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.QuorumServiceGrpc;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.MessageType;
import org.odap.core.intertrust.InterTrustFlow;
import org.odap.core.quorum.Statements;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.transfer.Input;
import org.odap.gateway.GatewayConfig.QuorumConfig;
import org.odap.quorum.QuorumProof;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The participants of a ledger behind this gateway: each looks at its own copy of the ledger before
 * it signs what the gateway claims (IT "Lock", "Verification").
 */
public final class Quorum {
  /** The steps that are claimed towards the other gateway. */
  private static final Set<LedgerStep> CLAIMED =
      Set.of(
          LedgerStep.LEDGER_STEP_LOCK,
          LedgerStep.LEDGER_STEP_FINALIZE_LOCK,
          LedgerStep.LEDGER_STEP_CREATE);

  private static final Logger log = LoggerFactory.getLogger(Quorum.class);

  private final QuorumConfig config;
  private final QuorumServiceGrpc.QuorumServiceBlockingStub stub;

  /** Participants behind the service that collects their signatures. */
  public Quorum(QuorumConfig config, Channel channel) {
    this.config = config;
    this.stub = QuorumServiceGrpc.newBlockingStub(channel);
  }

  /**
   * The formats in which they vouch, best first.
   *
   * @param dealing whether the other ledger's participants are known, and can be dealt a key
   */
  public List<String> formats(boolean dealing) {
    List<String> formats = new ArrayList<>();
    config.keyId().ifPresent(_ -> formats.add(Statements.FORMAT));
    if (dealing) {
      formats.add(Statements.INTERTRUST);
    }
    return formats;
  }

  /**
   * Who they are.
   *
   * @throws OdapException UNAVAILABLE
   */
  public ParticipantGroup group() {
    return OdapErrors.calling(
        () -> call().describeQuorum(DescribeQuorumRequest.getDefaultInstance()).getGroup());
  }

  /**
   * Who they are, and a key for the other ledger's participants (IT "Setup"). The same key when
   * asked again.
   *
   * @throws OdapException SHARE_INVALID, UNAVAILABLE
   */
  public InterTrustAgreement agreement(InitializationRequest proposal) {
    return InterTrustAgreement.newBuilder()
        .setGroup(group())
        .setKey(
            dealt(
                InterTrustFlow.keyId(proposal.getEnvelope().getSessionId(), Role.SENDER),
                Statements.hashTx(proposal),
                proposal.getIntertrust().getGroup()))
        .build();
  }

  /**
   * What their ledger did, with their signature as the claim's proof where the other gateway looks
   * for one.
   *
   * @throws OdapException while enough of them don't sign: THRESHOLD_NOT_MET, UNAVAILABLE;
   *     TX_IN_ANOTHER_TRANSFER
   */
  public Input.LedgerDid vouched(Session session, LedgerClaim claim) {
    LedgerStep step = claim.getStep();
    if (!CLAIMED.contains(step) && step != LedgerStep.LEDGER_STEP_LOG_INCOMING) {
      return new Input.LedgerDid(claim);
    }
    if (session.isInterTrust()) {
      return interTrust(session, claim);
    }
    // What the sender shows is agreed on in phase 1; what the recipient shows is its own choice.
    boolean wanted =
        session.role() == Role.RECIPIENT
            || session.agreement().getLockClaimFormat().equals(Statements.FORMAT);
    return new Input.LedgerDid(
        wanted && CLAIMED.contains(step)
            ? config
                .keyId()
                .map(key -> proved(claim, Statements.FORMAT, collect(key, session, claim)))
                .orElse(claim)
            : claim);
  }

  /** With the key that the other side dealt them (IT "Lock", "Verification"). */
  private Input.LedgerDid interTrust(Session session, LedgerClaim claim) {
    DealtKey key = InterTrustFlow.key(session, session.role());
    // Each time: who was away when the transfer began must have its share when it ends.
    OdapErrors.calling(
        () -> call().distributeKey(DistributeKeyRequest.newBuilder().setKey(key).build()));
    CollectSignatureRequest.Builder request = request(key.getKeyId(), session, claim);
    answered(session, claim.getStep())
        .ifPresent(answered ->
            request
                .setAnswered(QuorumProof.read(answered.getProof()).orElseThrow())
                .setAnsweredStatement(Statements.of(session.hashTx(), answered)));
    LedgerClaim proved = proved(claim, Statements.INTERTRUST, collect(request.build(), claim));
    return claim.getStep() == LedgerStep.LEDGER_STEP_LOCK
        ? new Input.LedgerDid(
            proved,
            Optional.of(
                dealt(
                    InterTrustFlow.keyId(session.id(), Role.RECIPIENT),
                    session.hashTx(),
                    InterTrustFlow.group(session, Role.RECIPIENT))))
        : new Input.LedgerDid(proved);
  }

  /** What of the other ledger a step answers: it was checked when its message was taken. */
  private static Optional<LedgerClaim> answered(Session session, LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOG_INCOMING ->
          Optional.of(
              session
                  .message(MessageType.LOCK_EVIDENCE)
                  .as(LockEvidence.class)
                  .getLockEvidenceClaim());
      case LEDGER_STEP_FINALIZE_LOCK ->
          Optional.of(
              session
                  .message(MessageType.LOCK_EVIDENCE_ACK)
                  .as(LockEvidenceAck.class)
                  .getUnlockClaim());
      case LEDGER_STEP_CREATE ->
          Optional.of(
              session
                  .message(MessageType.COMMIT_FINAL)
                  .as(CommitFinal.class)
                  .getCommitFinalClaim());
      default -> Optional.empty();
    };
  }

  private DealtKey dealt(String keyId, String hashTx, ParticipantGroup group) {
    return OdapErrors.calling(() ->
        call()
            .dealKey(
                DealKeyRequest.newBuilder()
                    .setKeyId(keyId)
                    .setHashTx(hashTx)
                    .setGroup(group)
                    .build())
            .getKey());
  }

  private static CollectSignatureRequest.Builder request(
      String keyId, Session session, LedgerClaim claim) {
    return CollectSignatureRequest.newBuilder()
        .setKeyId(keyId)
        .setStatement(Statements.of(session.hashTx(), claim));
  }

  private CollectSignatureResponse collect(String keyId, Session session, LedgerClaim claim) {
    return collect(request(keyId, session, claim).build(), claim);
  }

  private CollectSignatureResponse collect(CollectSignatureRequest request, LedgerClaim claim) {
    CollectSignatureResponse answer = OdapErrors.calling(() -> call().collectSignature(request));
    if (answer.getWrongCount() > 0) {
      log.atWarn()
          .addKeyValue("transfer", claim.getTransferId())
          .addKeyValue("ledger", claim.getDltSystem())
          .addKeyValue("wrong", answer.getWrongList())
          .log("participants gave wrong signatures");
    }
    return answer;
  }

  private static LedgerClaim proved(
      LedgerClaim claim, String format, CollectSignatureResponse answer) {
    return claim.toBuilder()
        .setProofFormat(format)
        .setProof(new String(CanonicalJson.of(answer.getSignature()), StandardCharsets.UTF_8))
        .build();
  }

  private QuorumServiceGrpc.QuorumServiceBlockingStub call() {
    return stub.withDeadlineAfter(config.deadline().toMillis(), TimeUnit.MILLISECONDS);
  }
}
