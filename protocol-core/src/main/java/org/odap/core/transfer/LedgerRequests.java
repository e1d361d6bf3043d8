package org.odap.core.transfer;

import com.google.protobuf.Message;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.CommitFinalAck;
import org.odap.core.envelope.MessageType;
import org.odap.core.session.Claims;
import org.odap.core.session.Session;

/** The ledger steps of a transfer with their hash references (ARCH 7, 8). */
final class LedgerRequests {
  private LedgerRequests() {}

  /** The reference a step writes to its ledger; "" = none. */
  static String reference(Session session, LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK, LEDGER_STEP_LOG_INCOMING ->
          session.message(MessageType.TRANSFER_COMMENCE).hash();
      case LEDGER_STEP_FINALIZE_LOCK -> referenceTo(session, LedgerStep.LEDGER_STEP_LOCK);
      case LEDGER_STEP_CREATE -> referenceTo(session, LedgerStep.LEDGER_STEP_LOG_INCOMING);
      case LEDGER_STEP_RECORD_LOCATION ->
          referenceTo(session, LedgerStep.LEDGER_STEP_FINALIZE_LOCK);
      case LEDGER_STEP_UNLOCK, LEDGER_STEP_WITHDRAW -> "";
      case LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("not a step: " + step);
    };
  }

  /**
   * The asset a step is about, as this side's ledger names it, where the step's request holds one.
   */
  static Optional<Asset> asset(Session session, LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK -> Optional.of(session.asset());
      case LEDGER_STEP_LOG_INCOMING -> Optional.of(session.acceptance().orElseThrow().getAsset());
      default -> Optional.empty();
    };
  }

  /**
   * Where in its log the transfer was last taken up. Whoever takes it up writes that first, and the
   * log lets nobody write after him who had it before: so his number is higher than theirs.
   */
  private static int epoch(Transfer transfer) {
    String takenUp = LogCommand.INIT_RECOVER.text();
    return transfer.entries().reversed().stream()
        .filter(entry -> entry.getPayload().getMessage().equals(takenUp))
        .findFirst()
        .map(LogEntry::getSeqNumber)
        .orElse(1);
  }

  /** The request of a step that a transfer has ordered. */
  static Message request(Transfer transfer, LedgerStep step) {
    Session session = transfer.session();
    StepKey.Builder keyed =
        StepKey.newBuilder().setTransferId(session.id()).setEpoch(epoch(transfer));
    LogAnchors.of(transfer, step).ifPresent(keyed::setAnchor);
    StepKey key = keyed.build();
    String reference = reference(session, step);
    return switch (step) {
      case LEDGER_STEP_LOCK ->
          LockRequest.newBuilder()
              .setKey(key)
              .setAsset(session.asset())
              .setOwner(session.proposal().getOrigin())
              .setLockExpiry(session.expiryTime())
              .setReference(reference)
              .build();
      case LEDGER_STEP_LOG_INCOMING ->
          LogIncomingRequest.newBuilder()
              .setKey(key)
              .setAsset(session.acceptance().orElseThrow().getAsset())
              .setBeneficiary(session.acceptance().orElseThrow().getDestination())
              .setReference(reference)
              .build();
      case LEDGER_STEP_FINALIZE_LOCK ->
          FinalizeLockRequest.newBuilder().setKey(key).setReference(reference).build();
      case LEDGER_STEP_CREATE ->
          CreateFromTransferRequest.newBuilder()
              .setKey(key)
              .setHashCommitFinal(session.message(MessageType.COMMIT_FINAL).hash())
              .setReference(reference)
              .build();
      case LEDGER_STEP_RECORD_LOCATION -> {
        LedgerClaim created =
            session
                .message(MessageType.COMMIT_FINAL_ACK)
                .as(CommitFinalAck.class)
                .getCommitAcknowledgementClaim();
        yield RecordLocationRequest.newBuilder()
            .setKey(key)
            .setReference(reference)
            .setRemoteDltSystem(created.getDltSystem())
            .setRemoteTransactionId(created.getTransactionId())
            .setRemoteBlockNumber(created.getBlockNumber())
            .build();
      }
      case LEDGER_STEP_UNLOCK -> UnlockRequest.newBuilder().setKey(key).build();
      case LEDGER_STEP_WITHDRAW -> WithdrawIncomingRequest.newBuilder().setKey(key).build();
      case LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("not a step: " + step);
    };
  }

  private static String referenceTo(Session session, LedgerStep step) {
    return Claims.reference(session.claim(step).orElseThrow());
  }
}
