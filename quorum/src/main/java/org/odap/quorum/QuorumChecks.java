package org.odap.quorum;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.storage.v1.GatewayLog;
import org.odap.api.threshold.v1.DealtKey;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.api.threshold.v1.Statement;
import org.odap.core.evidence.Check;
import org.odap.core.evidence.Finding;
import org.odap.core.quorum.Statements;

/**
 * What participants signed, in evidence (IT): each claim whose proof is theirs, in each log. With a
 * key of their own the signature must verify with the key it names; with one dealt for the transfer
 * also by enough of the participants that phase 1 named. Who these are the reader must know.
 */
public final class QuorumChecks {
  private QuorumChecks() {}

  /** A check for each log that holds such a proof. */
  public static List<Check> of(EvidenceBundle bundle) {
    List<Check> checks = new ArrayList<>();
    for (GatewayLog log : bundle.getLogsList()) {
      Told told = new Told();
      List<Finding> findings = new ArrayList<>();
      int proofs = 0;
      for (int i = 0; i < log.getEntriesCount(); i++) {
        Optional<LedgerClaim> claim = told.next(log.getEntries(i)).filter(QuorumChecks::isTheirs);
        if (claim.isPresent()) {
          proofs++;
          int index = i + 1;
          told.fault(claim.get())
              .ifPresent(fault ->
                  findings.add(
                      new Finding(
                          log.getRole(),
                          index,
                          "what participants signed of " + claim.get().getStep() + ": " + fault)));
        }
      }
      if (proofs > 0) {
        checks.add(
            new Check(
                "The %s's log shows %d steps that their ledgers' participants signed"
                    .formatted(log.getRole(), proofs),
                findings));
      }
    }
    return checks;
  }

  private static boolean isTheirs(LedgerClaim claim) {
    return claim.getProofFormat().equals(Statements.FORMAT)
        || claim.getProofFormat().equals(Statements.INTERTRUST);
  }

  /** What a log has told so far of a transfer's setup; mutable, owned by one reading of one log. */
  private static final class Told {
    private InitializationRequest proposal = InitializationRequest.getDefaultInstance();
    private InitializationResponse agreement = InitializationResponse.getDefaultInstance();
    private LockEvidence evidence = LockEvidence.getDefaultInstance();

    /** Takes an entry's message; the claim it shows, if it shows one. */
    Optional<LedgerClaim> next(LogEntry entry) {
      Any content = entry.getPayload().getContent();
      proposal = as(content, InitializationRequest.class).orElse(proposal);
      agreement = as(content, InitializationResponse.class).orElse(agreement);
      Optional<LockEvidence> lock = as(content, LockEvidence.class);
      evidence = lock.orElse(evidence);
      return lock.map(LockEvidence::getLockEvidenceClaim)
          .or(() -> as(content, LockEvidenceAck.class).map(LockEvidenceAck::getUnlockClaim))
          .or(() -> as(content, CommitFinal.class).map(CommitFinal::getCommitFinalClaim))
          .or(() ->
              as(content, CommitFinalAck.class).map(CommitFinalAck::getCommitAcknowledgementClaim));
    }

    Optional<String> fault(LedgerClaim claim) {
      Optional<QuorumSignature> proof = QuorumProof.read(claim.getProof());
      if (proof.isEmpty()) {
        return Optional.of("not a quorum's signature in canonical form");
      }
      Statement statement = Statements.of(Statements.hashTx(proposal), claim);
      if (claim.getProofFormat().equals(Statements.FORMAT)) {
        return QuorumProof.mistake(statement, proof.get());
      }
      boolean ofSource = claim.getDltSystem().equals(proposal.getSourceGatewayDltSystem());
      DealtKey key = ofSource ? agreement.getIntertrust().getKey() : evidence.getDealtKey();
      ParticipantGroup group =
          ofSource ? proposal.getIntertrust().getGroup() : agreement.getIntertrust().getGroup();
      return proof.get().getKeyId().equals(key.getKeyId())
              && proof.get().getPublicKey().equals(key.getPublicKey())
          ? QuorumProof.mistake(group, statement, proof.get())
          : Optional.of("public_key: another than was dealt for this transfer");
    }

    private static <T extends Message> Optional<T> as(Any content, Class<T> type) {
      try {
        return content.is(type) ? Optional.of(content.unpack(type)) : Optional.empty();
      } catch (InvalidProtocolBufferException damaged) {
        return Optional.empty();
      }
    }
  }
}
