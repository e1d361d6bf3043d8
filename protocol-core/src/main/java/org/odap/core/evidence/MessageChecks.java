package org.odap.core.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.peer.v1.TransferComplete;
import org.odap.core.envelope.MessageCheck;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;

/** The messages a log holds: each well formed, signed by its author, linked to what went before. */
final class MessageChecks {
  /** What the hash in a message names (ODAP 6 to 8). Types not listed may follow any message. */
  private static final Map<MessageType, MessageType> PREDECESSORS =
      Map.ofEntries(
          Map.entry(MessageType.INITIALIZATION_RESPONSE, MessageType.INITIALIZATION_REQUEST),
          Map.entry(MessageType.INITIALIZATION_DENIED, MessageType.INITIALIZATION_REQUEST),
          Map.entry(MessageType.TRANSFER_COMMENCE, MessageType.INITIALIZATION_RESPONSE),
          Map.entry(MessageType.TRANSFER_COMMENCE_ACK, MessageType.TRANSFER_COMMENCE),
          Map.entry(MessageType.LOCK_EVIDENCE, MessageType.TRANSFER_COMMENCE_ACK),
          Map.entry(MessageType.LOCK_EVIDENCE_ACK, MessageType.LOCK_EVIDENCE),
          Map.entry(MessageType.COMMIT_PREPARE, MessageType.LOCK_EVIDENCE_ACK),
          Map.entry(MessageType.COMMIT_PREPARE_ACK, MessageType.COMMIT_PREPARE),
          Map.entry(MessageType.COMMIT_FINAL, MessageType.COMMIT_PREPARE_ACK),
          Map.entry(MessageType.COMMIT_FINAL_ACK, MessageType.COMMIT_FINAL),
          Map.entry(MessageType.TRANSFER_COMPLETE, MessageType.COMMIT_FINAL_ACK),
          Map.entry(MessageType.TRANSFER_COMPLETE_ACK, MessageType.TRANSFER_COMPLETE),
          Map.entry(MessageType.ROLLBACK_ACK, MessageType.ROLLBACK),
          Map.entry(MessageType.RECOVER_UPDATE, MessageType.RECOVER),
          Map.entry(MessageType.RECOVER_SUCCESS, MessageType.RECOVER_UPDATE),
          Map.entry(MessageType.RECOVER_ACK, MessageType.RECOVER_SUCCESS));

  private MessageChecks() {}

  static List<Check> of(String transferId, List<GatewayRecord> records) {
    List<Check> checks = new ArrayList<>();
    for (GatewayRecord record : records) {
      checks.add(wellFormed(transferId, record));
      checks.add(signed(record));
      checks.add(linked(record));
    }
    return checks;
  }

  private static Check wellFormed(String transferId, GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    for (GatewayRecord.Heard heard : record.messages()) {
      OdapMessage message = heard.message();
      MessageCheck.structure(message)
          .ifPresent(refusal -> findings.add(finding(record, heard, refusal.description())));
      if (!message.sessionId().equals(transferId)) {
        findings.add(finding(record, heard, "it belongs to session " + message.sessionId()));
      }
    }
    return new Check(
        "The %s's log holds %d messages, each with every field its section asks for"
            .formatted(record.role(), record.messages().size()),
        findings);
  }

  private static Check signed(GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    for (GatewayRecord.Heard heard : record.messages()) {
      OdapMessage message = heard.message();
      String key = authoredBySender(record, message) ? record.senderKey() : record.recipientKey();
      MessageCheck.signature(message, key)
          .ifPresent(refusal -> findings.add(finding(record, heard, refusal.description())));
    }
    return new Check("Each message in the " + record.role() + "'s log is its author's", findings);
  }

  /** Whether the sender gateway is the one that must have signed a message. */
  static boolean authoredBySender(GatewayRecord record, OdapMessage message) {
    return switch (message.type()) {
      case ROLLBACK, RECOVER, RECOVER_SUCCESS -> message.clientPubkey().equals(record.senderKey());
      case ROLLBACK_ACK, RECOVER_UPDATE, RECOVER_ACK ->
          !message.clientPubkey().equals(record.senderKey());
      default -> message.type().request();
    };
  }

  private static Check linked(GatewayRecord record) {
    List<Finding> findings = new ArrayList<>();
    List<GatewayRecord.Heard> before = new ArrayList<>();
    for (GatewayRecord.Heard heard : record.messages()) {
      linkFault(before, heard.message())
          .ifPresent(fault -> findings.add(finding(record, heard, fault)));
      before.add(heard);
    }
    return new Check(
        "Each message in the %s's log carries the hash of the one before it"
            .formatted(record.role()),
        findings);
  }

  private static Optional<String> linkFault(List<GatewayRecord.Heard> before, OdapMessage message) {
    if (message.type() == MessageType.INITIALIZATION_REQUEST) {
      String denial =
          lastOf(before, MessageType.INITIALIZATION_DENIED).map(OdapMessage::hash).orElse("");
      return namesOr(message, denial, "the denial it answers");
    }
    MessageType predecessor = PREDECESSORS.get(message.type());
    if (predecessor == null) {
      return followsAny(before, message);
    }
    Optional<OdapMessage> previous = lastOf(before, predecessor);
    if (previous.isEmpty()) {
      return Optional.of("no " + predecessor + " goes before it");
    }
    if (!message.type().request() && message.sequenceNumber() != previous.get().sequenceNumber()) {
      return Optional.of(
          "sequence number: %d (expected: %d, its request's)"
              .formatted(message.sequenceNumber(), previous.get().sequenceNumber()));
    }
    Optional<String> fault = namesOr(message, previous.get().hash(), "the " + predecessor);
    return fault.isPresent() ? fault : sessionOpening(before, message);
  }

  private static Optional<String> namesOr(OdapMessage message, String expected, String what) {
    return message.previousHash().equals(expected)
        ? Optional.empty()
        : Optional.of("it does not carry the hash of " + what);
  }

  /** Rollback and recovery name the last message their author knew, which need not be the last. */
  private static Optional<String> followsAny(
      List<GatewayRecord.Heard> before, OdapMessage message) {
    Set<String> known = new HashSet<>();
    before.forEach(heard -> known.add(heard.message().hash()));
    return known.contains(message.previousHash())
        ? Optional.empty()
        : Optional.of("it does not carry the hash of a message of this session");
  }

  /** TransferComplete also names the TransferCommence that opened the session (ODAP 8.5). */
  private static Optional<String> sessionOpening(
      List<GatewayRecord.Heard> before, OdapMessage message) {
    if (message.type() != MessageType.TRANSFER_COMPLETE) {
      return Optional.empty();
    }
    String opening =
        lastOf(before, MessageType.TRANSFER_COMMENCE).map(OdapMessage::hash).orElse("");
    return message.as(TransferComplete.class).getHashTransferCommence().equals(opening)
        ? Optional.empty()
        : Optional.of("it does not carry the hash of the TransferCommence");
  }

  private static Optional<OdapMessage> lastOf(List<GatewayRecord.Heard> before, MessageType type) {
    return before.stream()
        .map(GatewayRecord.Heard::message)
        .filter(message -> message.type() == type)
        .reduce((a, b) -> b);
  }

  private static Finding finding(GatewayRecord record, GatewayRecord.Heard heard, String what) {
    return new Finding(record.role(), heard.index(), heard.message().type() + ": " + what);
  }
}
