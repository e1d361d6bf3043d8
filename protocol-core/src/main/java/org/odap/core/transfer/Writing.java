package org.odap.core.transfer;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.storage.v1.Approval;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.Failure;
import org.odap.api.storage.v1.StepDone;
import org.odap.api.storage.v1.StepIntent;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.log.LogEntries;
import org.odap.core.log.PhasedPayload;
import org.odap.core.recovery.RecoveryFlow;
import org.odap.core.rollback.RollbackFlow;
import org.odap.core.session.Session;

/**
 * The entries one input leads to, while they are written. Each entry changes the transfer at once,
 * so that the next one is made from what the log will then hold. Owned by one call of {@link
 * TransferMachine#decide}.
 */
final class Writing {
  private static final int DESCRIPTION_MAX = 1_024;

  private final Situation situation;
  private final List<PhasedPayload> payloads = new ArrayList<>();
  private final List<LogCommand> commands = new ArrayList<>();
  private final List<LogEntry> sealed = new ArrayList<>();
  private Transfer transfer;

  Writing(Situation situation) {
    this.situation = situation;
    this.transfer = situation.transfer();
  }

  Situation situation() {
    return situation;
  }

  Session session() {
    return transfer.session();
  }

  Signer signer() {
    return situation.gateway().signer();
  }

  String clientTransferNumber() {
    return transfer.clientTransferNumber();
  }

  List<LogCommand> commands() {
    return commands;
  }

  State state() {
    return transfer.state();
  }

  /** Seals what was written into entries that continue the log. */
  Step.Accepted seal() {
    sealSoFar();
    return new Step.Accepted(transfer, List.copyOf(sealed));
  }

  private void sealSoFar() {
    List<LogEntry> entries =
        LogEntries.seal(session().frame(), transfer.head(), payloads, signer());
    transfer = Fold.sealed(transfer, entries);
    sealed.addAll(entries);
    payloads.clear();
  }

  /**
   * Logs that this replica speaks for its gateway from now on; it says so with the end of the log.
   *
   * @param backup whether it also has to say with which key, because another was in force
   */
  void introduce(boolean backup) {
    sealSoFar();
    say(
        LogCommand.INIT_RECOVER,
        RecoveryFlow.recover(session(), transfer.entries(), signer(), backup));
  }

  /** Logs the message that came in. */
  void take(LogCommand command) {
    add(command, situation.message());
  }

  /** Logs a message of this side. */
  void say(LogCommand command, OdapMessage message) {
    add(command, message);
  }

  /** Logs that a ledger step is about to start. */
  void begin(LogCommand command, LedgerStep step) {
    StepIntent.Builder intent =
        StepIntent.newBuilder()
            .setStep(step)
            .setReference(LedgerRequests.reference(session(), step));
    LedgerRequests.asset(session(), step).ifPresent((Asset asset) -> intent.setAsset(asset));
    note(command, intent.build());
  }

  /** Logs what the ledger did. */
  void done(LogCommand command) {
    Input.LedgerDid did = (Input.LedgerDid) situation.input();
    note(command, StepDone.newBuilder().setClaim(did.claim()).build());
  }

  /** Logs a record of the gateway's own. */
  void note(LogCommand command, Message record) {
    write(command, Any.pack(record), new Fold.Noted(record));
  }

  /** Logs why something failed. */
  Failure fail(LogCommand command, ErrorReason reason, String description, String origin) {
    Failure.Builder failure =
        Failure.newBuilder()
            .setReason(reason)
            .setDescription(
                description.length() <= DESCRIPTION_MAX
                    ? description
                    : description.substring(0, DESCRIPTION_MAX))
            .setOrigin(origin);
    keyOfWish().ifPresent(failure::setRequest);
    note(command, failure.build());
    return failure.build();
  }

  /** Logs that a person approved. */
  void approve() {
    Input.Approved approved = (Input.Approved) situation.input();
    Approval.Builder approval =
        Approval.newBuilder().setApprover(approved.client()).setApprovedAt(situation.now());
    keyOfWish().ifPresent(approval::setRequest);
    note(LogCommand.DONE_APPROVAL, approval.build());
  }

  /** The client's key of what it wants, so that a repeat is known. */
  private Optional<ClientRequest> keyOfWish() {
    return situation.input() instanceof Input.Wish wish
        ? Optional.of(wish.request()).filter(request -> !request.getRequestId().isEmpty())
        : Optional.empty();
  }

  /** Logs this side's Rollback, which tells the peer of the failure. */
  void tellPeer(Failure failure) {
    say(LogCommand.INIT_ROLLBACK, RollbackFlow.rollback(session(), failure, signer()));
  }

  /** Logs the peer's Rollback and the answer to it. */
  void takeRollback() {
    take(LogCommand.EXEC_ROLLBACK);
    say(
        LogCommand.ACK_ROLLBACK,
        RollbackFlow.rollbackAck(session(), situation.message(), signer()));
  }

  private void add(LogCommand command, OdapMessage message) {
    write(command, message.pack(), new Fold.Said(message));
  }

  private void write(LogCommand command, Any packed, Fold.Content content) {
    String phase = command.phase().isEmpty() ? transfer.phase() : command.phase();
    LogPayload payload =
        LogPayload.newBuilder()
            .setMessage(command.text())
            .setMessageType(kind())
            .setVotes(votes(command))
            .setStep(command.step() == 0 ? transfer.step() : command.step())
            .setOperation(command.operation())
            .setGateways(command.gateways(transfer.role()))
            .setContent(packed)
            .setRecordedAt(situation.now())
            .build();
    commands.add(command);
    payloads.add(new PhasedPayload(phase, payload));
    transfer = Fold.fold(transfer, command, phase, payload, content);
  }

  private String kind() {
    Session session = transfer.session();
    boolean known =
        session.sent(MessageType.INITIALIZATION_REQUEST).isPresent()
            || session.received(MessageType.INITIALIZATION_REQUEST).isPresent();
    return known && session.isThreePhase() ? "3pc-log" : "2pc-log";
  }

  /** The recipient's promise is its vote to commit (recovery-01 5). */
  private static String votes(LogCommand command) {
    return switch (command) {
      case ACK_COMMIT_PREPARE -> "yes";
      case FAIL_TRANSFER -> "no";
      default -> "none";
    };
  }
}
