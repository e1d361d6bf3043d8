package org.odap.core.recovery;

import static org.odap.core.session.Check.require;
import static org.odap.core.session.Check.same;

import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.Envelope;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.peer.v1.Recover;
import org.odap.api.peer.v1.RecoverAck;
import org.odap.api.peer.v1.RecoverSuccess;
import org.odap.api.peer.v1.RecoverUpdate;
import org.odap.core.envelope.CanonicalJson;
import org.odap.core.envelope.Hash;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.recovery.SessionLog.Spoken;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Check;
import org.odap.core.session.Envelopes;
import org.odap.core.session.Session;

/**
 * The messages of recovery: how they are made, what is checked in each, and when two logs disagree.
 *
 * <p>The gateway that was away says where its log ends; the other one sends what it holds beyond
 * that, and the first one judges: only it knows all of its own log, whatever has come in meanwhile.
 * A log may end early: the end of the other one is news. It may not lack what its own gateway said,
 * nor hold another message in the place of one the other log has: then the logs disagree, and
 * people must look.
 */
public final class RecoveryFlow {
  /** Entries a RecoverUpdate may hold. */
  static final int ENTRIES_MAX = 64;

  /** Checks of an answer: it names the request it answers. */
  public static final List<Check> ANSWER =
      List.of(
          new Check(
              "It names the message it answers.",
              "recovery-01 4.3",
              scene ->
                  same(
                      scene.message().previousHash(),
                      scene.session().recovery().open().map(OdapMessage::hash).orElse(""),
                      ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG,
                      "hash of the message before")));

  /** Checks of a RecoverSuccess. */
  public static final List<Check> SUCCESS =
      List.of(
          new Check(
              "It names the RecoverUpdate it follows.",
              "recovery-01 4.3",
              scene ->
                  same(
                      scene.message().previousHash(),
                      scene
                          .session()
                          .recovery()
                          .peerRequest()
                          .flatMap(exchange -> exchange.answer())
                          .map(OdapMessage::hash)
                          .orElse(""),
                      ErrorReason.ERROR_REASON_PREVIOUS_HASH_WRONG,
                      "hash_recover_update")));

  /** Checks of a RecoverUpdate. */
  public static final List<Check> UPDATE =
      List.of(
          ANSWER.getFirst(),
          new Check(
              "Its entries are entries of this session, as their hashes say.",
              "recovery-01 5",
              scene ->
                  scene.message().as(RecoverUpdate.class).getEntriesList().stream()
                      .flatMap(entry -> entry(scene.session(), entry).stream())
                      .findFirst()
                      .map(what ->
                          new Refusal(ErrorReason.ERROR_REASON_FIELD_INVALID, "entries", what))));

  private RecoveryFlow() {}

  /**
   * Makes the message by which this side says that it is back.
   *
   * @param backup whether it also has to say with which key, because another was in force
   */
  public static OdapMessage recover(
      Session session, List<LogEntry> log, Signer signer, boolean backup) {
    LogEntry last = log.getLast();
    return OdapMessage.sign(
        Recover.newBuilder()
            .setEnvelope(envelope(session))
            .setClientIdentityPubkey(signer.publicKey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setHashPrevMessage(session.lastHash())
            .setLogLength(last.getSeqNumber())
            .setLastEntryHash(last.getLogEntryHash())
            .setLastPhase(last.getOdapPhase())
            .setLastStep(last.getPayload().getStep())
            .setBackup(backup)
            .addAllEarlierPubkeys(earlier(session, signer))
            .build(),
        signer);
  }

  /** Replicas may have signed what the peer is yet to get without having been heard of there. */
  private static List<String> earlier(Session session, Signer signer) {
    return session.ownKeys().stream()
        .filter(key -> !key.equals(signer.publicKey()) && !key.equals(session.openingOwnPubkey()))
        .toList();
  }

  /** Makes the answer to the peer's Recover: what this side holds beyond the peer's log. */
  public static OdapMessage update(
      Session session, List<LogEntry> log, OdapMessage request, Signer signer) {
    SessionLog beyond = SessionLog.of(log).after(request.previousHash());
    List<LogEntry> entries = beyond.spoken().stream().map(Spoken::entry).toList();
    return OdapMessage.sign(
        RecoverUpdate.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(request.clientPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setHashRecover(request.hash())
            .addAllEntries(
                entries.subList(Math.max(0, entries.size() - ENTRIES_MAX), entries.size()))
            .setDisputed(session.recovery().dispute().isPresent())
            .build(),
        signer);
  }

  /**
   * Makes the confirmation of a recovery.
   *
   * @param entriesChanged entries the update led to; empty = the logs disagree
   */
  public static OdapMessage success(
      Session session, OdapMessage update, Optional<Integer> entriesChanged, Signer signer) {
    return OdapMessage.sign(
        RecoverSuccess.newBuilder()
            .setEnvelope(envelope(session))
            .setClientIdentityPubkey(session.ownPubkey())
            .setServerIdentityPubkey(session.peerPubkey())
            .setHashRecoverUpdate(update.hash())
            .setSuccess(entriesChanged.isPresent())
            .setEntriesChanged(entriesChanged.orElse(0))
            .build(),
        signer);
  }

  /** Makes the acknowledgement that ends a recovery. */
  public static OdapMessage ack(Session session, OdapMessage request, Signer signer) {
    return OdapMessage.sign(
        RecoverAck.newBuilder()
            .setEnvelope(Envelopes.answer(request))
            .setClientIdentityPubkey(request.clientPubkey())
            .setServerIdentityPubkey(session.ownPubkey())
            .setHashRecoverSuccess(request.hash())
            .build(),
        signer);
  }

  /** Why this side disputes the peer's update; empty = the logs agree as far as they go. */
  public static Optional<String> disputesUpdate(
      Session session, List<LogEntry> log, OdapMessage update) {
    if (update.as(RecoverUpdate.class).getDisputed()) {
      return Optional.of("the peer has found before that the two logs disagree");
    }
    SessionLog own = SessionLog.of(log);
    SessionLog theirs = SessionLog.of(update.as(RecoverUpdate.class).getEntriesList());
    for (Spoken spoken : theirs.spoken()) {
      OdapMessage message = spoken.message();
      if (own.holds(message.hash())) {
        continue;
      }
      if (own.rival(message).isPresent()) {
        return Optional.of("the peer's log has another " + named(message) + " than this one");
      }
      if (!isByPeer(session, message)) {
        return Optional.of("this gateway's log lacks its own " + named(message));
      }
    }
    return theirs.isWhole()
        ? SessionLog.of(beforeRecover(session, log)).spoken().stream()
            .map(Spoken::message)
            .filter(message -> isByPeer(session, message) && !theirs.holds(message.hash()))
            .findFirst()
            .map(message -> "the peer's log lacks its own " + named(message))
        : Optional.empty();
  }

  /** The log as it was when this side asked: what the peer said since need not be in its answer. */
  private static List<LogEntry> beforeRecover(Session session, List<LogEntry> log) {
    int length =
        session
            .recovery()
            .open()
            .map(recover -> recover.as(Recover.class).getLogLength())
            .orElse(log.size());
    return log.subList(0, length);
  }

  /**
   * The messages of the update that this side has not, in their order: all of the peer's making.
   */
  public static List<OdapMessage> news(List<LogEntry> log, OdapMessage update) {
    SessionLog own = SessionLog.of(log);
    return SessionLog.of(update.as(RecoverUpdate.class).getEntriesList()).spoken().stream()
        .map(Spoken::message)
        .filter(message -> !own.holds(message.hash()))
        .toList();
  }

  private static Envelope envelope(Session session) {
    return Envelopes.request(session).toBuilder()
        .setSequenceNumber(session.recovery().lastOwnNumber() + 1)
        .build();
  }

  /** Whether the other gateway made a message, or must have. */
  private static boolean isByPeer(Session session, OdapMessage message) {
    return switch (message.type()) {
      case ROLLBACK -> !isOf(session.sent(MessageType.ROLLBACK), message.hash());
      case ROLLBACK_ACK -> isOf(session.sent(MessageType.ROLLBACK), message.previousHash());
      default -> message.type().request() == session.role().isRecipient();
    };
  }

  private static boolean isOf(Optional<OdapMessage> message, String hash) {
    return message.filter(known -> known.hash().equals(hash)).isPresent();
  }

  private static Optional<String> entry(Session session, LogEntry entry) {
    return require(
            entry.getSessionId().equals(session.id())
                && OdapMessage.isIn(entry.getPayload().getContent())
                && entry.getPayloadHash().equals(Hash.of(CanonicalJson.of(entry.getPayload()))),
            ErrorReason.ERROR_REASON_FIELD_INVALID,
            "entries",
            "")
        .map(refusal -> "entry " + entry.getSeqNumber() + " is none of this session's messages");
  }

  private static String named(OdapMessage message) {
    return message.type() + " #" + message.sequenceNumber();
  }
}
