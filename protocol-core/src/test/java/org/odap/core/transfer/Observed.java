package org.odap.core.transfer;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.storage.v1.Acceptance;
import org.odap.api.storage.v1.Approval;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.Failure;
import org.odap.api.storage.v1.TransferOrder;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.log.LogHead;
import org.odap.core.session.Exchange;
import org.odap.core.session.Recovery;
import org.odap.core.session.Session;
import org.odap.core.session.Timing;

/** Everything a transfer shows to the outside: two that agree in it can't be told apart. */
record Observed(
    State state,
    String phase,
    int step,
    LogHead head,
    Optional<TransferOrder> order,
    Approvals approvals,
    List<ClientRequest> requests,
    Optional<Failure> failure,
    boolean undoing,
    boolean peerTold,
    long startedAt,
    long updatedAt,
    Said said,
    List<Effect> pending,
    OptionalLong nextTick) {

  /** The session's part. */
  record Said(
      Map<MessageType, OdapMessage> sent,
      Map<MessageType, OdapMessage> received,
      Map<Integer, Exchange> peerRequests,
      Map<LedgerStep, LedgerClaim> claims,
      Optional<Acceptance> acceptance,
      int nextOwnNumber,
      int rounds,
      String lastHash,
      String rollbackReference,
      Recovery recovery,
      String ownPubkey,
      String peerPubkey) {}

  static Observed of(Transfer transfer, Timing timing) {
    return new Observed(
        transfer.state(),
        transfer.phase(),
        transfer.step(),
        transfer.head(),
        transfer.order(),
        transfer.approvals(),
        transfer.requests(),
        transfer.failure(),
        transfer.undoing(),
        transfer.peerTold(),
        transfer.startedAt(),
        transfer.updatedAt(),
        said(transfer.session()),
        TransferMachine.pending(transfer),
        TransferMachine.nextTick(transfer, timing));
  }

  /** What a later decision can depend on: everything but the log's end and the times of entries. */
  static List<Object> essence(Transfer transfer) {
    List<Object> essence = new ArrayList<>();
    essence.add(transfer.state());
    essence.add(transfer.undoing());
    essence.add(transfer.peerTold());
    essence.add(transfer.approvals().given().stream().map(Approval::getApprover).collect(toSet()));
    Session session = transfer.session();
    for (MessageType type : MessageType.values()) {
      essence.add(session.sent(type).map(OdapMessage::hash).orElse(""));
      essence.add(session.received(type).map(OdapMessage::hash).orElse(""));
    }
    essence.add(List.copyOf(session.peerRequests().keySet()));
    for (LedgerStep step : LedgerStep.values()) {
      essence.add(session.claim(step).isPresent());
    }
    essence.add(session.acceptance());
    essence.add(session.lastHash());
    essence.add(session.recovery());
    essence.add(session.ownPubkey());
    essence.add(session.peerPubkey());
    return List.copyOf(essence);
  }

  private static Said said(Session session) {
    Map<MessageType, OdapMessage> sent = new EnumMap<>(MessageType.class);
    Map<MessageType, OdapMessage> received = new EnumMap<>(MessageType.class);
    for (MessageType type : MessageType.values()) {
      session.sent(type).ifPresent(message -> sent.put(type, message));
      session.received(type).ifPresent(message -> received.put(type, message));
    }
    Map<LedgerStep, LedgerClaim> claims = new EnumMap<>(LedgerStep.class);
    for (LedgerStep step : LedgerStep.values()) {
      session.claim(step).ifPresent(claim -> claims.put(step, claim));
    }
    return new Said(
        sent,
        received,
        session.peerRequests(),
        claims,
        session.acceptance(),
        session.nextOwnNumber(),
        session.rounds(),
        session.lastHash(),
        session.rollbackReference(),
        session.recovery(),
        session.ownPubkey(),
        session.peerPubkey());
  }
}
