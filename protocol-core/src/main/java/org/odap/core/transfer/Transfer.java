package org.odap.core.transfer;

import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.Failure;
import org.odap.api.storage.v1.TransferOrder;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.LogHead;
import org.odap.core.session.Recovery;
import org.odap.core.session.Role;
import org.odap.core.session.Session;

/**
 * A transfer as one gateway's log has it. Immutable; made by {@link TransferMachine#apply} alone.
 *
 * @param state where it stands
 * @param phase phase of the newest entry, "p1" to "p3"
 * @param step step of the newest entry within the phase
 * @param session what was said, and what this side's ledger did
 * @param entries its log
 * @param order the client's order, on the sender's side
 * @param approvals whose approval it waits for or had
 * @param requests what clients wanted of it under keys of theirs
 * @param failure why it was refused or given up
 * @param undoing whether a ledger step of this side was begun and is to be undone in a rollback
 * @param peerTold whether the peer knows of the rollback, or needs no telling
 * @param startedAt when the first entry was made, UNIX milliseconds
 * @param updatedAt when the newest entry was made, UNIX milliseconds
 */
public record Transfer(
    State state,
    String phase,
    int step,
    Session session,
    List<LogEntry> entries,
    Optional<TransferOrder> order,
    Approvals approvals,
    List<ClientRequest> requests,
    Optional<Failure> failure,
    boolean undoing,
    boolean peerTold,
    long startedAt,
    long updatedAt) {

  /** Copies the lists. */
  public Transfer {
    entries = List.copyOf(entries);
    requests = List.copyOf(requests);
  }

  /** A transfer whose log is still empty. */
  public static Transfer unopened(Role role, LogFrame frame) {
    State state = role == Role.SENDER ? SenderState.UNOPENED : RecipientState.UNOPENED;
    return new Transfer(
        state,
        "p1",
        0,
        Session.unopened(role, frame),
        List.of(),
        Optional.empty(),
        Approvals.NONE,
        List.of(),
        Optional.empty(),
        false,
        false,
        0,
        0);
  }

  /** Its id: the session's. */
  public String id() {
    return session.id();
  }

  /** This gateway's role in it. */
  public Role role() {
    return session.role();
  }

  /** Id of its log. */
  public String logId() {
    return role().logId(id());
  }

  /** End of its log. */
  public LogHead head() {
    return LogEntries.head(entries);
  }

  /** The answer to a request of the peer, once there is one that the peer can believe. */
  public Optional<OdapMessage> answer(OdapMessage request) {
    return Recovery.isAbout(request.type())
        ? session.recovery().answer(request)
        : Optional.ofNullable(session.peerRequests().get(request.sequenceNumber()))
            .flatMap(exchange -> exchange.answer())
            .filter(session::isByKnownKey);
  }

  /** Whether the two logs are known to disagree: then nothing is done until people have looked. */
  public boolean disputed() {
    return session.recovery().dispute().isPresent();
  }

  /** Whether a person's decision is waited for. */
  public boolean awaitsDecision() {
    return state == RecipientState.AWAITING_APPROVAL || state == SenderState.AWAITING_APPROVAL;
  }

  /** What was wanted of it under a client's key, if anything was. */
  Optional<ClientRequest> request(String client, String requestId) {
    return requests.stream()
        .filter(known -> known.getClient().equals(client))
        .filter(known -> known.getRequestId().equals(requestId))
        .findFirst();
  }

  /**
   * Whether the recipient may have promised to create: then it can't give up alone, and must be
   * told.
   */
  boolean peerMayBeBound() {
    return session
        .sent(MessageType.COMMIT_PREPARE)
        .filter(sent -> !session.isThreePhase() || session.sent(MessageType.PRE_COMMIT).isPresent())
        .isPresent();
  }

  /** Whether this side's ledger has undone its step, or had none to undo. */
  boolean undone() {
    LedgerStep undo =
        role() == Role.SENDER ? LedgerStep.LEDGER_STEP_UNLOCK : LedgerStep.LEDGER_STEP_WITHDRAW;
    return !undoing || session.claim(undo).isPresent();
  }

  /** The client's own number of this transfer, "" when it gave none. */
  String clientTransferNumber() {
    return order.map(TransferOrder::getClientTransferNumber).orElse("");
  }
}
