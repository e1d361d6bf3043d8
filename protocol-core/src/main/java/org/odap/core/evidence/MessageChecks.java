package org.odap.core.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.Recover;
import org.odap.api.peer.v1.TransferComplete;
import org.odap.core.envelope.MessageCheck;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;

/** The messages a log holds: each well formed, signed by its author, linked to what went before. */
final class MessageChecks {
  /** What the hash in a message names (ODAP 6 to 8); a rollback or a recovery may follow any. */
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
          Map.entry(MessageType.PRE_COMMIT, MessageType.COMMIT_PREPARE_ACK),
          Map.entry(MessageType.PRE_COMMIT_ACK, MessageType.PRE_COMMIT),
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
      checks.add(signed(record, CertifiedKeys.of(records)));
      checks.add(linked(record, records));
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

  private static Check signed(GatewayRecord record, CertifiedKeys certified) {
    List<Finding> findings = new ArrayList<>();
    Set<String> introduced = new HashSet<>(List.of(record.senderKey(), record.recipientKey()));
    for (GatewayRecord.Heard heard : record.messages()) {
      OdapMessage message = heard.message();
      if (message.type() == MessageType.RECOVER) {
        introduced.addAll(introducedBy(message.as(Recover.class)));
      }
      boolean bySender = authoredBySender(record, message);
      String named = message.type().request() ? message.clientPubkey() : message.serverPubkey();
      Optional<String> fault =
          named.isEmpty()
              ? signedByAny(message, certified.of(bySender), introduced)
              : keyFault(named, certified.of(bySender), introduced)
                  .or(() -> signatureFault(message, named));
      fault.ifPresent(what -> findings.add(finding(record, heard, what)));
    }
    return new Check("Each message in the " + record.role() + "'s log is its author's", findings);
  }

  /**
   * The answers of phase 1 have no place for a key: a backup that has taken over may have given
   * them.
   */
  private static Optional<String> signedByAny(
      OdapMessage message, Set<String> certified, Set<String> introduced) {
    boolean signed =
        certified.stream()
            .filter(introduced::contains)
            .anyMatch(key -> signatureFault(message, key).isEmpty());
    return signed
        ? Optional.empty()
        : Optional.of(
            "the signature does not verify under a key that its author's certificates vouch for");
  }

  private static Optional<String> signatureFault(OdapMessage message, String key) {
    return MessageCheck.signature(message, key).map(refusal -> refusal.description());
  }

  /**
   * A backup's key is its gateway's when a certificate says so, and once it said that it is one.
   */
  private static Optional<String> keyFault(
      String key, Set<String> certified, Set<String> introduced) {
    if (!certified.contains(key)) {
      return Optional.of(
          "the signature does not verify under a key that its author's certificates"
              + " vouch for");
    }
    return introduced.contains(key)
        ? Optional.empty()
        : Optional.of("signed by a backup that has not said before that it takes over");
  }

  /** Of those before it, any replica speaks; that it is one itself, only a backup has to say. */
  private static Set<String> introducedBy(Recover recover) {
    Set<String> keys = new HashSet<>(recover.getEarlierPubkeysList());
    if (recover.getBackup()) {
      keys.add(recover.getClientIdentityPubkey());
    }
    return keys;
  }

  /** Whether the sender gateway is the one that must have signed a message. */
  static boolean authoredBySender(GatewayRecord record, OdapMessage message) {
    return switch (message.type()) {
      case ROLLBACK, RECOVER, RECOVER_SUCCESS -> isSenders(record, message.clientPubkey());
      case ROLLBACK_ACK, RECOVER_UPDATE, RECOVER_ACK -> !isSenders(record, message.clientPubkey());
      default -> message.type().request();
    };
  }

  private static boolean isSenders(GatewayRecord record, String key) {
    return (record.sender() ? record.publicKeys() : record.peerPublicKeys()).contains(key);
  }

  private static Check linked(GatewayRecord record, List<GatewayRecord> records) {
    List<Finding> findings = new ArrayList<>();
    List<GatewayRecord.Heard> before = new ArrayList<>();
    for (GatewayRecord.Heard heard : record.messages()) {
      OdapMessage message = heard.message();
      Optional<String> fault =
          switch (message.type()) {
            case RECOVER, ROLLBACK -> namesLastKnown(record, records, before, message);
            case ROLLBACK_ACK, RECOVER_UPDATE, RECOVER_SUCCESS, RECOVER_ACK ->
                namedFault(before, message);
            default -> linkFault(before, message);
          };
      fault.ifPresent(what -> findings.add(finding(record, heard, what)));
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
    MessageType predecessor =
        message.type() == MessageType.COMMIT_FINAL && isThreePhase(before)
            ? MessageType.PRE_COMMIT_ACK
            : PREDECESSORS.get(message.type());
    if (predecessor == null) {
      return Optional.of("nothing is known of what goes before it");
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

  /** In three-phase commit nothing is extinguished before the PreCommitAck. */
  private static boolean isThreePhase(List<GatewayRecord.Heard> before) {
    return lastOf(before, MessageType.INITIALIZATION_REQUEST)
        .map(proposal -> proposal.as(InitializationRequest.class).getCommitProtocol())
        .filter(protocol -> protocol == CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE)
        .isPresent();
  }

  private static Optional<String> namesOr(OdapMessage message, String expected, String what) {
    return message.previousHash().equals(expected)
        ? Optional.empty()
        : Optional.of("it does not carry the hash of " + what);
  }

  /**
   * A rollback or a recovery names the last message its author knew. The other gateway need not
   * have got that one: then the author's log must hold it, if it is there to look at.
   */
  private static Optional<String> namesLastKnown(
      GatewayRecord record,
      List<GatewayRecord> records,
      List<GatewayRecord.Heard> before,
      OdapMessage message) {
    boolean own = authoredBySender(record, message) == record.sender();
    boolean unopened = own && before.isEmpty() && message.previousHash().isEmpty();
    boolean told =
        own
            ? before.stream().anyMatch(heard -> names(message, heard))
            : records.size() == 1
                || records.stream().anyMatch(one -> one.holds(message.previousHash()));
    return unopened || told
        ? Optional.empty()
        : Optional.of("it does not carry the hash of a message of this session");
  }

  /**
   * Each gateway may give up or recover at any time, so that two rollbacks or recoveries may be
   * under way at once: what a message answers is the one that it names, not the last one.
   */
  private static Optional<String> namedFault(
      List<GatewayRecord.Heard> before, OdapMessage message) {
    MessageType predecessor = PREDECESSORS.get(message.type());
    Optional<OdapMessage> named =
        before.stream()
            .filter(heard -> names(message, heard))
            .map(GatewayRecord.Heard::message)
            .filter(known -> known.type() == predecessor)
            .findFirst();
    if (named.isEmpty()) {
      return Optional.of("it does not carry the hash of a " + predecessor);
    }
    return message.type().request() || message.sequenceNumber() == named.get().sequenceNumber()
        ? Optional.empty()
        : Optional.of(
            "sequence number: %d (expected: %d, its request's)"
                .formatted(message.sequenceNumber(), named.get().sequenceNumber()));
  }

  private static boolean names(OdapMessage message, GatewayRecord.Heard heard) {
    return heard.message().hash().equals(message.previousHash());
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
