package org.odap.core.transfer;

import static org.odap.core.session.Check.require;
import static org.odap.core.session.Check.same;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.peer.v1.Recover;
import org.odap.core.commitment.CommitmentFlow;
import org.odap.core.envelope.MessageCheck;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.initiation.Initiation;
import org.odap.core.lockevidence.LockEvidenceFlow;
import org.odap.core.recovery.RecoveryFlow;
import org.odap.core.refusal.Refusal;
import org.odap.core.rollback.RollbackFlow;
import org.odap.core.session.Check;
import org.odap.core.session.Check.Scene;
import org.odap.core.session.Exchange;
import org.odap.core.session.Session;

/**
 * What every message must keep to before the transfer's rules look at it (ODAP 5.2, 5.6.5, 6 to 8).
 */
final class MessageRules {
  /** The request each answer belongs to. */
  private static final Map<MessageType, MessageType> REQUEST_OF =
      Map.ofEntries(
          Map.entry(MessageType.INITIALIZATION_RESPONSE, MessageType.INITIALIZATION_REQUEST),
          Map.entry(MessageType.INITIALIZATION_DENIED, MessageType.INITIALIZATION_REQUEST),
          Map.entry(MessageType.TRANSFER_COMMENCE_ACK, MessageType.TRANSFER_COMMENCE),
          Map.entry(MessageType.LOCK_EVIDENCE_ACK, MessageType.LOCK_EVIDENCE),
          Map.entry(MessageType.COMMIT_PREPARE_ACK, MessageType.COMMIT_PREPARE),
          Map.entry(MessageType.PRE_COMMIT_ACK, MessageType.PRE_COMMIT),
          Map.entry(MessageType.COMMIT_FINAL_ACK, MessageType.COMMIT_FINAL),
          Map.entry(MessageType.TRANSFER_COMPLETE_ACK, MessageType.TRANSFER_COMPLETE),
          Map.entry(MessageType.ROLLBACK_ACK, MessageType.ROLLBACK),
          Map.entry(MessageType.RECOVER_UPDATE, MessageType.RECOVER),
          Map.entry(MessageType.RECOVER_ACK, MessageType.RECOVER_SUCCESS));

  private MessageRules() {}

  /** Checks that need nothing but the message, the session's parties and their keys. */
  static Optional<Refusal> authentic(Session session, Input.Received input) {
    OdapMessage message = input.message();
    return MessageCheck.structure(message)
        .or(() ->
            require(
                input.peerPubkey().equals(session.peerPubkey()) || isBackup(input),
                ErrorReason.ERROR_REASON_SESSION_NOT_YOURS,
                "",
                "session: the caller is not the other gateway of this session"))
        .or(() ->
            same(
                message.sessionId(),
                session.id(),
                ErrorReason.ERROR_REASON_SESSION_UNKNOWN,
                "envelope.session_id"))
        .or(() -> isBackup(input) ? serverKey(session, message) : keys(session, message))
        .or(() -> signature(session, message));
  }

  /**
   * A backup says itself that it is one (recovery-01 4.2). That its certificate is one of the same
   * gateway's is the driver's to see, as for every message.
   */
  private static boolean isBackup(Input.Received input) {
    return input.message().type() == MessageType.RECOVER
        && input.message().as(Recover.class).getBackup()
        && input.message().clientPubkey().equals(input.peerPubkey());
  }

  /**
   * The message is signed with the key it names, which {@link #keys} has looked at; where it has no
   * place for one, with any that the peer has had.
   */
  private static Optional<Refusal> signature(Session session, OdapMessage message) {
    String named = message.type().request() ? message.clientPubkey() : message.serverPubkey();
    if (!named.isEmpty()) {
      return MessageCheck.signature(message, named);
    }
    Optional<Refusal> refusal = Optional.empty();
    for (String key : session.peerKeys().reversed()) {
      refusal = MessageCheck.signature(message, key);
      if (refusal.isEmpty()) {
        break;
      }
    }
    return refusal;
  }

  /** What the sequence number of a message says (ODAP 5.6.5). */
  sealed interface Order {
    /** It is the next one. */
    record Next() implements Order {}

    /** It was seen before. */
    record Repeat() implements Order {}

    /** It may not come. */
    record Wrong(Refusal refusal) implements Order {}
  }

  /** Places a message by its sequence number. */
  static Order order(Session session, OdapMessage message) {
    return message.type().request()
        ? orderOfRequest(session, message)
        : orderOfAnswer(session, message);
  }

  /** Checks that depend on what was said before. */
  static Optional<Refusal> fits(Scene scene) {
    return Check.first(checks(scene.message().type()), scene);
  }

  /** The checks of a type of message, beyond those of every message. */
  static List<Check> checks(MessageType type) {
    return switch (type) {
      case INITIALIZATION_REQUEST -> Initiation.REQUEST;
      case INITIALIZATION_RESPONSE -> Initiation.RESPONSE;
      case INITIALIZATION_DENIED -> Initiation.DENIED;
      case TRANSFER_COMMENCE, TRANSFER_COMMENCE_ACK, LOCK_EVIDENCE, LOCK_EVIDENCE_ACK ->
          LockEvidenceFlow.checks(type);
      case COMMIT_PREPARE,
          COMMIT_PREPARE_ACK,
          PRE_COMMIT,
          PRE_COMMIT_ACK,
          COMMIT_FINAL,
          COMMIT_FINAL_ACK,
          TRANSFER_COMPLETE,
          TRANSFER_COMPLETE_ACK ->
          CommitmentFlow.checks(type);
      case ROLLBACK -> RollbackFlow.ROLLBACK;
      case ROLLBACK_ACK -> RollbackFlow.ROLLBACK_ACK;
      case RECOVER -> List.of();
      case RECOVER_UPDATE -> RecoveryFlow.UPDATE;
      case RECOVER_SUCCESS -> RecoveryFlow.SUCCESS;
      case RECOVER_ACK -> RecoveryFlow.ANSWER;
    };
  }

  /** Keys are those of the two gateways, now or before a backup took over. */
  private static Optional<Refusal> keys(Session session, OdapMessage message) {
    return clientKey(session, message).or(() -> serverKey(session, message));
  }

  private static Optional<Refusal> clientKey(Session session, OdapMessage message) {
    boolean byPeer = message.type().request();
    return key(
        message.clientPubkey(),
        byPeer ? session::isPeerKey : session::isOwnKey,
        isFirst(message) ? "source_gateway_pubkey" : "client_identity_pubkey");
  }

  private static Optional<Refusal> serverKey(Session session, OdapMessage message) {
    boolean byPeer = !message.type().request();
    return key(
        message.serverPubkey(),
        byPeer ? session::isPeerKey : session::isOwnKey,
        isFirst(message) ? "recipient_gateway_pubkey" : "server_identity_pubkey");
  }

  private static boolean isFirst(OdapMessage message) {
    return message.type() == MessageType.INITIALIZATION_REQUEST;
  }

  private static Optional<Refusal> key(String named, Predicate<String> known, String field) {
    return require(
        named.isEmpty() || known.test(named),
        ErrorReason.ERROR_REASON_KEY_WRONG,
        field,
        field + ": " + named + " (expected: the key of the session's gateway)");
  }

  private static Order orderOfRequest(Session session, OdapMessage message) {
    int number = message.sequenceNumber();
    Exchange before = session.peerRequests().get(number);
    if (before != null) {
      return before.request().hash().equals(message.hash())
          ? new Order.Repeat()
          : wrong(
              ErrorReason.ERROR_REASON_SEQUENCE_REUSED,
              "sequence_number: " + number + " was used by another " + before.request().type());
    }
    int last = session.peerRequests().isEmpty() ? number - 1 : session.peerRequests().lastKey();
    if (number <= last) {
      return wrong(
          ErrorReason.ERROR_REASON_SEQUENCE_REUSED,
          "sequence_number: " + number + " (expected: " + (last + 1) + ")");
    }
    // A rollback may follow requests that were lost: they are given up with the rest.
    if (number > last + 1 && message.type() != MessageType.ROLLBACK) {
      return wrong(
          ErrorReason.ERROR_REASON_SEQUENCE_GAP,
          "sequence_number: " + number + " (expected: " + (last + 1) + ")");
    }
    return new Order.Next();
  }

  private static Order orderOfAnswer(Session session, OdapMessage message) {
    Optional<OdapMessage> request =
        Optional.ofNullable(REQUEST_OF.get(message.type())).flatMap(session::sent);
    if (request.isEmpty()) {
      return wrong(
          ErrorReason.ERROR_REASON_OUT_OF_ORDER,
          message.type() + ": answers no request of this side");
    }
    Optional<OdapMessage> taken = session.received(message.type());
    if (taken.filter(before -> before.hash().equals(message.hash())).isPresent()) {
      return new Order.Repeat();
    }
    if (request.get().sequenceNumber() != message.sequenceNumber()) {
      return wrong(
          ErrorReason.ERROR_REASON_SEQUENCE_GAP,
          "sequence_number: "
              + message.sequenceNumber()
              + " (expected: "
              + request.get().sequenceNumber()
              + ")");
    }
    return new Order.Next();
  }

  /** Whether a type of message answers a type of request. */
  static boolean isAnswer(MessageType request, MessageType answer) {
    return REQUEST_OF.get(answer) == request;
  }

  static Order wrong(ErrorReason reason, String description) {
    return new Order.Wrong(new Refusal(reason, "envelope.sequence_number", description));
  }
}
