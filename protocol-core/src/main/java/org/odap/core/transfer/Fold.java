package org.odap.core.transfer;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.storage.v1.Acceptance;
import org.odap.api.storage.v1.Approval;
import org.odap.api.storage.v1.ApprovalWanted;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.Failure;
import org.odap.api.storage.v1.StepDone;
import org.odap.api.storage.v1.StepIntent;
import org.odap.api.storage.v1.TransferOrder;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.log.LogHead;
import org.odap.core.session.Recovery;
import org.odap.core.session.Role;
import org.odap.core.session.Session;

/** How an entry changes a transfer. */
final class Fold {
  private static final String STORED = "odap.storage.v1.";

  private Fold() {}

  /** What an entry holds. */
  sealed interface Content {}

  /** A message, sent or taken. */
  record Said(OdapMessage message) implements Content {}

  /** A record of the gateway's own. */
  record Noted(Message record) implements Content {}

  /** The transfer after a stored entry. */
  static Transfer apply(Transfer transfer, LogEntry entry) {
    LogHead head = transfer.head();
    if (entry.getSeqNumber() != head.length() + 1
        || !entry.getLastEntryHash().equals(head.hash())) {
      throw new CorruptLogException(
          transfer.logId(), entry.getSeqNumber(), "does not continue entry " + head.length());
    }
    LogPayload payload = entry.getPayload();
    Optional<LogCommand> command = LogCommand.of(payload.getMessage());
    if (command.isEmpty()) {
      if (entry.getIgnorable()) {
        return sealed(transfer, List.of(entry));
      }
      throw new CorruptLogException(
          transfer.logId(), entry.getSeqNumber(), "unknown command " + payload.getMessage());
    }
    try {
      return sealed(
          fold(
              transfer,
              command.get(),
              entry.getOdapPhase(),
              payload,
              content(payload.getContent())),
          List.of(entry));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new CorruptLogException(
          transfer.logId(), entry.getSeqNumber(), "unreadable content", e);
    }
  }

  /**
   * The transfer after an entry with this content; the entry itself is added by {@link #sealed}.
   */
  static Transfer fold(
      Transfer before, LogCommand command, String phase, LogPayload payload, Content content) {
    Session session = before.session();
    Optional<TransferOrder> order = before.order();
    Optional<Failure> failure = before.failure();
    Approvals approvals = before.approvals();
    List<ClientRequest> requests = before.requests();
    switch (content) {
      case Said said when Recovery.isAbout(said.message().type()) ->
          session =
              recoverySentByThisSide(session, payload.getOperation(), said.message())
                  ? session.withRecoverySent(said.message())
                  : session.withRecoveryReceived(said.message());
      case Said said ->
          session =
              sentByThisSide(session, payload.getOperation(), said.message())
                  ? session.withSent(said.message())
                  : session.withReceived(said.message());
      case Noted(TransferOrder ordered) -> order = Optional.of(ordered);
      case Noted(ApprovalWanted wanted) -> approvals = approvals.asking(wanted);
      case Noted(Approval approval) -> {
        approvals = approvals.with(approval);
        requests = with(requests, approval.getRequest());
      }
      case Noted(Acceptance acceptance) -> session = session.withAcceptance(acceptance);
      case Noted(StepDone done) -> session = session.withClaim(done.getClaim());
      case Noted(Failure failed) when command == LogCommand.FAIL_RECOVER ->
          session = session.withFailedRecovery(failed);
      case Noted(Failure failed) -> {
        failure = failure.isPresent() ? failure : keep(command, failed);
        requests = with(requests, failed.getRequest());
      }
      case Noted(StepIntent intent) -> {
        // The state says it all: what the step needs is in the session.
      }
      case Noted(Message other) ->
          throw new IllegalArgumentException(
              "record " + other.getDescriptorForType().getFullName());
    }
    State state = command.after(before.role()).orElse(before.state());
    boolean undoing =
        before.undoing()
            || command == LogCommand.EXEC_UNLOCK
            || command == LogCommand.EXEC_WITHDRAW;
    boolean peerTold =
        before.peerTold()
            || command == LogCommand.ACK_ROLLBACK
            || command == LogCommand.FAIL_ROLLBACK;
    long at = payload.getRecordedAt();
    return new Transfer(
        state,
        phase,
        payload.getStep(),
        session,
        before.entries(),
        order,
        approvals,
        requests,
        failure,
        undoing,
        peerTold,
        before.startedAt() == 0 ? at : before.startedAt(),
        at);
  }

  /** The transfer with the entries it was folded from, once they are sealed. */
  static Transfer sealed(Transfer transfer, List<LogEntry> added) {
    List<LogEntry> entries = new ArrayList<>(transfer.entries());
    entries.addAll(added);
    return new Transfer(
        transfer.state(),
        transfer.phase(),
        transfer.step(),
        transfer.session(),
        entries,
        transfer.order(),
        transfer.approvals(),
        transfer.requests(),
        transfer.failure(),
        transfer.undoing(),
        transfer.peerTold(),
        transfer.startedAt(),
        transfer.updatedAt());
  }

  private static List<ClientRequest> with(List<ClientRequest> requests, ClientRequest request) {
    if (request.getRequestId().isEmpty() || requests.contains(request)) {
      return requests;
    }
    List<ClientRequest> all = new ArrayList<>(requests);
    all.add(request);
    return all;
  }

  /** A transfer is given up for its first failure; what goes wrong while undoing is only logged. */
  private static Optional<Failure> keep(LogCommand command, Failure failed) {
    return command == LogCommand.FAIL_TRANSFER
            || command == LogCommand.FAIL_INITIATION
            || command == LogCommand.DONE_RESOLVE
        ? Optional.of(failed)
        : Optional.empty();
  }

  private static boolean sentByThisSide(
      Session session, LogOperation operation, OdapMessage message) {
    if (message.type().request()) {
      return operation == LogOperation.LOG_OPERATION_INIT;
    }
    if (message.type() == MessageType.ROLLBACK_ACK) {
      return session
          .received(MessageType.ROLLBACK)
          .filter(rollback -> rollback.hash().equals(message.previousHash()))
          .isPresent();
    }
    return session.role() == Role.RECIPIENT;
  }

  private static boolean recoverySentByThisSide(
      Session session, LogOperation operation, OdapMessage message) {
    return message.type().request()
        ? operation == LogOperation.LOG_OPERATION_INIT
        : session
            .recovery()
            .peerRequest()
            .filter(exchange -> exchange.answer().isEmpty())
            .filter(exchange -> exchange.request().hash().equals(message.previousHash()))
            .isPresent();
  }

  private static Content content(Any any) throws InvalidProtocolBufferException {
    String type = any.getTypeUrl().substring(any.getTypeUrl().lastIndexOf('/') + 1);
    if (!type.startsWith(STORED)) {
      return new Said(OdapMessage.unpack(any));
    }
    return new Noted(
        switch (type.substring(STORED.length())) {
          case "TransferOrder" -> any.unpack(TransferOrder.class);
          case "ApprovalWanted" -> any.unpack(ApprovalWanted.class);
          case "Approval" -> any.unpack(Approval.class);
          case "Acceptance" -> any.unpack(Acceptance.class);
          case "StepIntent" -> any.unpack(StepIntent.class);
          case "StepDone" -> any.unpack(StepDone.class);
          case "Failure" -> any.unpack(Failure.class);
          default -> throw new IllegalArgumentException("record " + type);
        });
  }
}
