package org.odap.cli.evidence;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.CommitFinal;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.api.peer.v1.LockEvidence;
import org.odap.api.peer.v1.LockEvidenceAck;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.api.threshold.v1.ParticipantGroup;
import org.odap.api.threshold.v1.QuorumSignature;
import org.odap.api.threshold.v1.Statement;
import org.odap.core.quorum.Statements;
import org.odap.quorum.QuorumProof;

/**
 * What a gateway told of its ledger, and that ledger's members signed together (IT).
 *
 * @param statement what they signed
 * @param signature theirs
 */
public record Vouched(Statement statement, QuorumSignature signature) {
  /** Everything so vouched for in the first log of a bundle: what was sent and what came. */
  public static List<Vouched> in(EvidenceBundle bundle) {
    List<Vouched> vouched = new ArrayList<>();
    for (LogEntry entry : bundle.getLogs(0).getEntriesList()) {
      claim(entry.getPayload().getContent()).flatMap(Vouched::of).ifPresent(vouched::add);
    }
    return vouched;
  }

  private static Optional<Vouched> of(LedgerClaim claim) {
    QuorumSignature.Builder signature = QuorumSignature.newBuilder();
    try {
      JsonFormat.parser().merge(claim.getProof(), signature);
    } catch (InvalidProtocolBufferException otherProof) {
      return Optional.empty();
    }
    return Optional.of(new Vouched(Statements.of(signature.getHashTx(), claim), signature.build()));
  }

  private static Optional<LedgerClaim> claim(Any content) {
    return told(content, LockEvidence.class)
        .map(LockEvidence::getLockEvidenceClaim)
        .or(() -> told(content, LockEvidenceAck.class).map(LockEvidenceAck::getUnlockClaim))
        .or(() -> told(content, CommitFinal.class).map(CommitFinal::getCommitFinalClaim))
        .or(() ->
            told(content, CommitFinalAck.class).map(CommitFinalAck::getCommitAcknowledgementClaim));
  }

  private static <T extends Message> Optional<T> told(Any content, Class<T> type) {
    try {
      return content.is(type) ? Optional.of(content.unpack(type)) : Optional.empty();
    } catch (InvalidProtocolBufferException damaged) {
      return Optional.empty();
    }
  }

  /** Whether it is a signature of this group's key, and enough of its members gave their parts. */
  public boolean isBy(ParticipantGroup group) {
    return statement.getClaim().getDltSystem().equals(group.getDltSystem())
        && QuorumProof.mistake(group, statement, signature).isEmpty();
  }
}
