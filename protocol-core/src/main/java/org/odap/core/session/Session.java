package org.odap.core.session;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.peer.v1.CommitProtocol;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.api.peer.v1.InitializationResponse;
import org.odap.api.peer.v1.Recover;
import org.odap.api.storage.v1.Acceptance;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageCheck;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.log.LogFrame;
import org.odap.core.quorum.Statements;

/**
 * What one gateway has of a session: the messages it sent and took, and what its ledger did.
 * Immutable; holds only what is in the gateway's log. Of each type of message the latest is kept:
 * only phase 1 has several rounds.
 *
 * <p>Invariants: {@code received} messages were checked before they were logged; {@code
 * lastOwnNumber} ≥ number of every request in {@code sent}; every answer in {@code peerRequests} is
 * also in {@code sent}.
 */
public final class Session {
  private final Role role;
  private final LogFrame frame;
  private final Map<MessageType, OdapMessage> sent;
  private final Map<MessageType, OdapMessage> received;
  private final NavigableMap<Integer, Exchange> peerRequests;
  private final Map<LedgerStep, LedgerClaim> claims;
  private final Optional<Acceptance> acceptance;
  private final Optional<OdapMessage> lastReceived;
  private final Optional<OdapMessage> last;
  private final int lastOwnNumber;
  private final int rounds;
  private final List<String> ownKeys;
  private final List<String> peerKeys;
  private final Recovery recovery;

  private Session(Changes to) {
    role = to.role;
    frame = to.frame;
    sent = Collections.unmodifiableMap(to.sent);
    received = Collections.unmodifiableMap(to.received);
    peerRequests = Collections.unmodifiableNavigableMap(to.peerRequests);
    claims = Collections.unmodifiableMap(to.claims);
    acceptance = to.acceptance;
    lastReceived = to.lastReceived;
    last = to.last;
    lastOwnNumber = to.lastOwnNumber;
    rounds = to.rounds;
    ownKeys = List.copyOf(to.ownKeys);
    peerKeys = List.copyOf(to.peerKeys);
    recovery = to.recovery;
  }

  /** A session in which nothing has been said yet. */
  public static Session unopened(Role role, LogFrame frame) {
    Changes to = new Changes(role, frame);
    boolean sender = role == Role.SENDER;
    to.ownKeys.add(sender ? frame.senderPubkey() : frame.recipientPubkey());
    to.peerKeys.add(sender ? frame.recipientPubkey() : frame.senderPubkey());
    return new Session(to);
  }

  /** The same session after this side sent a message. */
  public Session withSent(OdapMessage message) {
    Changes to = new Changes(this);
    to.sent.put(message.type(), message);
    to.last = Optional.of(message);
    if (message.type().request()) {
      to.lastOwnNumber = message.sequenceNumber();
      to.rounds += message.type() == MessageType.INITIALIZATION_REQUEST ? 1 : 0;
    } else {
      Exchange exchange =
          requireNonNull(to.peerRequests.get(message.sequenceNumber()), "answer without request");
      to.peerRequests.put(
          message.sequenceNumber(), new Exchange(exchange.request(), Optional.of(message)));
    }
    return new Session(to);
  }

  /** The same session after this side took a message of the peer. */
  public Session withReceived(OdapMessage message) {
    Changes to = new Changes(this);
    to.received.put(message.type(), message);
    to.lastReceived = Optional.of(message);
    to.last = Optional.of(message);
    to.recovery = recovery.heard();
    if (message.type().request()) {
      to.peerRequests.put(message.sequenceNumber(), new Exchange(message, Optional.empty()));
      to.rounds += message.type() == MessageType.INITIALIZATION_REQUEST ? 1 : 0;
    }
    return new Session(to);
  }

  /** The same session after this side said something about its own or the peer's recovery. */
  public Session withRecoverySent(OdapMessage message) {
    Changes to = new Changes(this);
    to.recovery = recovery.withSent(message);
    if (message.type() == MessageType.RECOVER) {
      to.ownKeys.remove(message.clientPubkey());
      to.ownKeys.add(message.clientPubkey());
    }
    return new Session(to);
  }

  /** The same session after the peer said something about its own or this side's recovery. */
  public Session withRecoveryReceived(OdapMessage message) {
    Changes to = new Changes(this);
    to.recovery = recovery.withReceived(message);
    if (message.type() == MessageType.RECOVER) {
      message.as(Recover.class).getEarlierPubkeysList().stream()
          .filter(key -> !to.peerKeys.contains(key))
          .forEach(to.peerKeys::addFirst);
      to.peerKeys.remove(message.clientPubkey());
      to.peerKeys.add(message.clientPubkey());
    }
    return new Session(to);
  }

  /** The same session after a recovery failed: it is given up, or the logs are in dispute. */
  public Session withFailedRecovery(Failure failure) {
    Changes to = new Changes(this);
    to.recovery = recovery.failed(failure);
    return new Session(to);
  }

  /** The same session after this side's ledger did a step. */
  public Session withClaim(LedgerClaim claim) {
    Changes to = new Changes(this);
    to.claims.put(claim.getStep(), claim);
    return new Session(to);
  }

  /** The same session after the recipient gateway decided to take the proposal. */
  public Session withAcceptance(Acceptance taken) {
    Changes to = new Changes(this);
    to.acceptance = Optional.of(taken);
    return new Session(to);
  }

  /** This gateway's role. */
  public Role role() {
    return role;
  }

  /** What every log entry of the session repeats. */
  public LogFrame frame() {
    return frame;
  }

  /** The session's id, which is the transfer's. */
  public String id() {
    return frame.sessionId();
  }

  /** Public key of this gateway; a backup that took over has its own. */
  public String ownPubkey() {
    return ownKeys.getLast();
  }

  /** Public key of the other gateway, or of its backup that took over. */
  public String peerPubkey() {
    return peerKeys.getLast();
  }

  /** Keys that this gateway has had in this session, the one in force last; at least one. */
  public List<String> ownKeys() {
    return ownKeys;
  }

  /** Keys that the other gateway has had in this session, the one in force last; at least one. */
  public List<String> peerKeys() {
    return peerKeys;
  }

  /** Public key of this gateway when the session was opened. */
  public String openingOwnPubkey() {
    return role == Role.SENDER ? frame.senderPubkey() : frame.recipientPubkey();
  }

  /** Public key of the other gateway when the session was opened. */
  public String openingPeerPubkey() {
    return role == Role.SENDER ? frame.recipientPubkey() : frame.senderPubkey();
  }

  /** Whether this key signs for this gateway, or did before a backup took over. */
  public boolean isOwnKey(String pubkey) {
    return ownKeys.contains(pubkey);
  }

  /** Whether this key signs for the other gateway, or did before a backup took over. */
  public boolean isPeerKey(String pubkey) {
    return peerKeys.contains(pubkey);
  }

  /**
   * Whether the peer knows the key that a message of this side is signed with: not that of a backup
   * before it has heard that it takes over.
   */
  public boolean isByKnownKey(OdapMessage message) {
    return !recovery.isTakingOver()
        || Stream.concat(
                Stream.of(openingOwnPubkey()), ownKeys.subList(0, ownKeys.size() - 1).stream())
            .anyMatch(key -> MessageCheck.signature(message, key).isEmpty());
  }

  /** What was said about recoveries (recovery-01 4.3). */
  public Recovery recovery() {
    return recovery;
  }

  /** Identity (URI) of this gateway. */
  public String ownIdentity() {
    return role == Role.SENDER ? frame.senderGateway() : frame.recipientGateway();
  }

  /** Identity (URI) of the other gateway. */
  public String peerIdentity() {
    return role == Role.SENDER ? frame.recipientGateway() : frame.senderGateway();
  }

  /** Id of the ledger behind this gateway that the session is about. */
  public String ownDlt() {
    return role == Role.SENDER ? frame.senderDlt() : frame.recipientDlt();
  }

  /** The latest message of this type that was sent. */
  public Optional<OdapMessage> sent(MessageType type) {
    return Optional.ofNullable(sent.get(type));
  }

  /** The latest message of this type that was taken. */
  public Optional<OdapMessage> received(MessageType type) {
    return Optional.ofNullable(received.get(type));
  }

  /**
   * The latest message of this type, whoever sent it.
   *
   * @throws IllegalStateException when there is none: the state machine asks only for what went
   *     before
   */
  public OdapMessage message(MessageType type) {
    OdapMessage message = sent.getOrDefault(type, received.get(type));
    if (message == null) {
      throw new IllegalStateException("session " + id() + " holds no " + type);
    }
    return message;
  }

  /** The proposal on the table: the latest round of phase 1 (ODAP 6.1). */
  public InitializationRequest proposal() {
    return message(MessageType.INITIALIZATION_REQUEST).as(InitializationRequest.class);
  }

  /** The recipient's agreement (ODAP 6.2). */
  public InitializationResponse agreement() {
    return message(MessageType.INITIALIZATION_RESPONSE).as(InitializationResponse.class);
  }

  /** The hash of tx (IT "Setup"): that of the terms proposed last, SHA-256 in lower-case hex. */
  public String hashTx() {
    return Statements.hashTx(proposal());
  }

  /** Whether both ledgers' participants vouch with keys that the other side deals them (IT). */
  public boolean isInterTrust() {
    return agreement().getLockClaimFormat().equals(Statements.INTERTRUST);
  }

  /** The asset as the sender's ledger names it. */
  public Asset asset() {
    return proposal().getAsset();
  }

  /** Instant the lock expires, UNIX milliseconds. */
  public long expiryTime() {
    return proposal().getExpiryTime();
  }

  /** Whether the proposal asks for three-phase commit, not two-phase (ARCH 6, recovery-01 4.1). */
  public boolean isThreePhase() {
    return proposal().getCommitProtocol() == CommitProtocol.COMMIT_PROTOCOL_THREE_PHASE;
  }

  /** Whether the hash of this side's log goes to its ledger with each step (recovery-01 4.4). */
  public boolean isAnchored() {
    LoggingProfile profile =
        role == Role.SENDER ? proposal().getLoggingProfile() : agreement().getLoggingProfile();
    return profile == LoggingProfile.LOGGING_PROFILE_LEDGER_HASH;
  }

  /** Account on the recipient's ledger: as proposed, else as the recipient chose it. */
  public String destination() {
    String proposed = proposal().getDestination();
    return proposed.isEmpty() ? agreement().getDestination() : proposed;
  }

  /** How the recipient gateway took the proposal. */
  public Optional<Acceptance> acceptance() {
    return acceptance;
  }

  /** What this side's ledger did in a step. */
  public Optional<LedgerClaim> claim(LedgerStep step) {
    return Optional.ofNullable(claims.get(step));
  }

  /** Requests of the peer by number, each with its answer. */
  public NavigableMap<Integer, Exchange> peerRequests() {
    return peerRequests;
  }

  /** The number this side's next request carries (ODAP 5.6.5). */
  public int nextOwnNumber() {
    return lastOwnNumber + 1;
  }

  /** Number of proposals made so far (ODAP 6.2 allows several rounds). */
  public int rounds() {
    return rounds;
  }

  /** Hash of the message that went before the next one, "" at the start (ODAP 7, 8). */
  public String lastHash() {
    return last.map(OdapMessage::hash).orElse("");
  }

  /**
   * Hash a rollback of this side refers to: the last message it took, else its own first request.
   * The peer knows that one for sure, whatever was lost since.
   */
  public String rollbackReference() {
    return lastReceived
        .or(() -> sent(MessageType.INITIALIZATION_REQUEST))
        .map(OdapMessage::hash)
        .orElse("");
  }

  /** Whether this side sent or took a message with this hash. */
  public boolean knows(String hash) {
    return sent.values().stream().anyMatch(message -> message.hash().equals(hash))
        || received.values().stream().anyMatch(message -> message.hash().equals(hash))
        || peerRequests.values().stream()
            .anyMatch(exchange ->
                exchange.request().hash().equals(hash)
                    || exchange.answer().filter(answer -> answer.hash().equals(hash)).isPresent());
  }

  /** Working copy while a session is changed; never leaves this class. */
  private static final class Changes {
    private final Role role;
    private final LogFrame frame;
    private final Map<MessageType, OdapMessage> sent = new EnumMap<>(MessageType.class);
    private final Map<MessageType, OdapMessage> received = new EnumMap<>(MessageType.class);
    private final NavigableMap<Integer, Exchange> peerRequests = new TreeMap<>();
    private final Map<LedgerStep, LedgerClaim> claims = new EnumMap<>(LedgerStep.class);
    private Optional<Acceptance> acceptance = Optional.empty();
    private Optional<OdapMessage> lastReceived = Optional.empty();
    private Optional<OdapMessage> last = Optional.empty();
    private final List<String> ownKeys = new ArrayList<>();
    private final List<String> peerKeys = new ArrayList<>();
    private int lastOwnNumber;
    private int rounds;
    private Recovery recovery = Recovery.NONE;

    private Changes(Role role, LogFrame frame) {
      this.role = role;
      this.frame = frame;
    }

    private Changes(Session from) {
      this(from.role, from.frame);
      sent.putAll(from.sent);
      received.putAll(from.received);
      peerRequests.putAll(from.peerRequests);
      claims.putAll(from.claims);
      acceptance = from.acceptance;
      lastReceived = from.lastReceived;
      last = from.last;
      lastOwnNumber = from.lastOwnNumber;
      rounds = from.rounds;
      ownKeys.addAll(from.ownKeys);
      peerKeys.addAll(from.peerKeys);
      recovery = from.recovery;
    }
  }
}
