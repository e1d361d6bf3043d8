package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.attestation.Attestation;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.Messages;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.envelope.Signer;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.ProofVerifier;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.transfer.FakeLedger.Holding;

/**
 * Two gateways with their ledgers, a clock that moves when told, and the way between them, on which
 * requests and answers can be lost, doubled or late. Writes down what everybody did. After each
 * input the asset is looked for: it is on exactly one ledger, or between the commit point and its
 * creation on none.
 */
final class TwoGateways {
  /** What the way between the gateways does to a request and its answer. */
  enum Way {
    OPEN,
    REQUEST_LOST,
    ANSWER_LOST,
    DOUBLED
  }

  /** What becomes of a ledger's answer. */
  enum LedgerWay {
    OPEN,
    ANSWER_LOST
  }

  private static final int RUN_MAX = 100;

  private final Map<Role, Side> sides = new EnumMap<>(Role.class);
  private final Map<Role, List<OdapMessage>> held = new EnumMap<>(Role.class);
  private final Map<Role, ErrorReason> refusing = new EnumMap<>(Role.class);
  private final List<String> transcript = new ArrayList<>();
  private long now = Messages.START;

  TwoGateways(Bargain.Mood mood) {
    this(Bargain.policy(mood));
  }

  TwoGateways(InitiationPolicy policy) {
    this(policy, ProofVerifier.UNVERIFIED);
  }

  /** Two gateways that look at the proofs of each other's claims. */
  TwoGateways(InitiationPolicy policy, ProofVerifier proofs) {
    this(policy, proofs, Attestation.UNASKED, Attestation.UNASKED);
  }

  /** Two gateways that ask each other what their machines are. */
  TwoGateways(InitiationPolicy policy, Attestation bySender, Attestation byRecipient) {
    this(policy, ProofVerifier.UNVERIFIED, bySender, byRecipient);
  }

  private TwoGateways(
      InitiationPolicy policy,
      ProofVerifier proofs,
      Attestation bySender,
      Attestation byRecipient) {
    for (Role role : Role.values()) {
      GatewaySetting plain = Bargain.setting(role, policy);
      Attestation attestation = role == Role.SENDER ? bySender : byRecipient;
      sides.put(
          role,
          new Side(
              role,
              new GatewaySetting(
                  plain.signer(), plain.timing(), plain.policy(), proofs, attestation)));
      held.put(role, new ArrayList<>());
    }
  }

  Side sender() {
    return sides.get(Role.SENDER);
  }

  Side recipient() {
    return sides.get(Role.RECIPIENT);
  }

  Side side(Role role) {
    return sides.get(role);
  }

  long now() {
    return now;
  }

  /** What was written down since the last call. */
  List<String> drain() {
    List<String> lines = List.copyOf(transcript);
    transcript.clear();
    return lines;
  }

  /** Gives an input to a side. */
  Step take(Role role, Input input) {
    Side side = sides.get(role);
    Step step = side.take(input, now);
    switch (step) {
      case Step.Accepted accepted -> {
        for (LogEntry entry : accepted.entries()) {
          write(role, "logs " + entry.getSeqNumber() + " " + Transcript.entry(entry));
        }
        write(role, "is " + accepted.transfer().state());
      }
      case Step.Refused refused -> write(role, "refuses: " + Transcript.refusal(refused.refusal()));
      case Step.Duplicate duplicate ->
          write(role, "has seen request " + duplicate.sequenceNumber());
      case Step.TooEarly tooEarly -> write(role, "is busy: too early");
      case Step.Ignored ignored -> write(role, "ignores it");
    }
    assetOnExactlyOneLedger();
    return step;
  }

  /** Sends a side's pending request, and brings back the answer. */
  void send(Role role, Way way) {
    Optional<OdapMessage> request = sides.get(role).pendingRequest();
    if (request.isEmpty()) {
      write(role, "has nothing to send");
      return;
    }
    exchange(role, request.get(), way);
  }

  /** A request that a side once sent comes to the peer once more; nobody waits for the answer. */
  void sendAgain(Role role, MessageType type) {
    assertThat(sendOnceMore(role, type)).isNotInstanceOf(Step.Accepted.class);
  }

  /** The same to a peer that may have forgotten; gives what it made of it. */
  Step sendOnceMore(Role role, MessageType type) {
    OdapMessage request = sides.get(role).transfer().session().sent(type).orElseThrow();
    write(role, "-> " + Transcript.message(request) + ", once more");
    return take(role.peer(), received(role, request));
  }

  /** Keeps a side's pending request on the way. */
  void hold(Role role) {
    OdapMessage request = sides.get(role).pendingRequest().orElseThrow();
    held.get(role).add(request);
    write(role, "sends " + Transcript.message(request) + ", which is held up");
  }

  /** Delivers what was held up, in the order it was sent. */
  void release(Role role) {
    List<OdapMessage> requests = List.copyOf(held.get(role));
    held.get(role).clear();
    requests.forEach(request -> exchange(role, request, Way.OPEN));
  }

  /** Has a side's ledger do the pending step. */
  void ledger(Role role, LedgerWay way) {
    Side side = sides.get(role);
    Optional<Effect.PerformStep> pending = side.pendingStep();
    if (pending.isEmpty()) {
      write(role, "has no ledger step to do");
      return;
    }
    ErrorReason refusal = refusing.get(role);
    Input answer =
        refusal == null
            ? side.perform(pending.get(), now)
            : side.ledger().refuse(pending.get().step(), refusal).answer();
    write(role, "ledger " + Transcript.ledgerAnswer(answer));
    assetOnExactlyOneLedger();
    if (way == LedgerWay.ANSWER_LOST) {
      write(role, "does not hear it");
    } else {
      take(role, answer);
    }
  }

  /** From now on a side's ledger refuses every step for this reason; empty = no more. */
  void refuse(Role role, Optional<ErrorReason> reason) {
    reason.ifPresentOrElse(r -> refusing.put(role, r), () -> refusing.remove(role));
  }

  /** Moves the clock; sides that are up look at it. */
  void advance(long millis) {
    now += millis;
    tick();
  }

  /** Sides that are up look at the clock. */
  void tick() {
    for (Side side : sides.values()) {
      if (!side.crashed()) {
        take(side.role(), new Input.Tick());
      }
    }
  }

  void crash(Role role) {
    sides.get(role).crash();
    write(role, "is down");
  }

  void restart(Role role) {
    Side side = sides.get(role);
    side.restart();
    write(
        role,
        "is up again: "
            + side.transfer().state()
            + ", to do: "
            + Transcript.effects(TransferMachine.pending(side.transfer())));
    if (!side.transfer().state().ended()) {
      take(role, new Input.Recovered());
    }
  }

  /** A backup with a key of its own takes a side over. */
  void takeOver(Role role, Signer backup) {
    sides
        .get(role)
        .takeOver(new GatewaySetting(backup, Bargain.TIMING, Bargain.policy(Bargain.Mood.AGREES)));
    take(role, new Input.Recovered());
  }

  /** A side's own gateway is gone before it took anything: whatever comes reaches its backup. */
  void replace(Role role, GatewaySetting backup) {
    sides.get(role).takeOver(backup);
    write(role, "is gone, its backup is there");
  }

  /** Lets both sides do what they have to do, until there is nothing more. */
  void run() {
    for (int round = 0; round < RUN_MAX; round++) {
      boolean acted = false;
      for (Side side : sides.values()) {
        if (!side.crashed() && side.pendingStep().isPresent()) {
          ledger(side.role(), LedgerWay.OPEN);
          acted = true;
        }
        if (!side.crashed() && side.pendingRequest().isPresent() && !waitsForPerson(side)) {
          send(side.role(), Way.OPEN);
          acted = true;
        }
      }
      if (!acted) {
        return;
      }
    }
    throw new AssertionError("does not come to rest: " + transcript);
  }

  /** Whether both transfers have ended. */
  boolean ended() {
    return sides.values().stream().allMatch(side -> side.transfer().state().ended());
  }

  /** The end of a story: both logs replay, and when both transfers have ended, they agree. */
  void end() {
    for (Side side : sides.values()) {
      assertThat(Observed.of(side.replay(), Bargain.TIMING))
          .isEqualTo(Observed.of(side.transfer(), Bargain.TIMING));
      write(
          side.role(),
          "is "
              + side.transfer().state()
              + ", its log of "
              + side.log().size()
              + " entries replays"
              + Transcript.failure(side.transfer()));
    }
    if (ended()) {
      assertThat(sender().transfer().state() == SenderState.COMPLETED)
          .isEqualTo(recipient().transfer().state() == RecipientState.COMPLETED)
          .isEqualTo(recipient().ledger().holdsAsDestination() == Holding.FREE);
    }
    write(
        Role.SENDER,
        "ledger holds the asset: "
            + sender().ledger().holdsAsSource(now).name().toLowerCase(Locale.ROOT));
    write(
        Role.RECIPIENT,
        "ledger holds the asset: "
            + recipient().ledger().holdsAsDestination().name().toLowerCase(Locale.ROOT));
  }

  private boolean waitsForPerson(Side asking) {
    return sides.get(asking.role().peer()).transfer().awaitsDecision();
  }

  private void exchange(Role from, OdapMessage request, Way way) {
    Role to = from.peer();
    write(from, "-> " + Transcript.message(request));
    if (way == Way.REQUEST_LOST) {
      write(from, "gets no answer: the request is lost");
      return;
    }
    if (sides.get(to).crashed()) {
      write(from, "gets no answer: the " + to.word() + " is down");
      return;
    }
    Step step = take(to, received(from, request));
    if (way == Way.DOUBLED) {
      Step again = take(to, received(from, request));
      assertThat(again).isNotInstanceOf(Step.Accepted.class);
    }
    if (way == Way.ANSWER_LOST) {
      write(from, "gets no answer: it is lost");
      return;
    }
    answer(from, request, step);
    if (way == Way.DOUBLED && !(step instanceof Step.TooEarly)) {
      answer(from, request, step);
    }
  }

  private void answer(Role from, OdapMessage request, Step step) {
    switch (step) {
      case Step.Accepted accepted -> firstAnswer(from, request);
      case Step.Duplicate duplicate -> firstAnswer(from, request);
      case Step.TooEarly tooEarly -> write(from, "is told to come again");
      case Step.Refused refused -> peerRefused(from, request, refused.refusal());
      case Step.Ignored ignored -> throw new AssertionError("request ignored: " + request);
    }
  }

  private void firstAnswer(Role from, OdapMessage request) {
    Role to = from.peer();
    Optional<OdapMessage> answer = sides.get(to).transfer().answer(request);
    if (answer.isEmpty()) {
      write(from, "is told to come again");
      return;
    }
    write(to, "-> " + Transcript.message(answer.get()));
    if (!sides.get(from).crashed()) {
      take(
          from,
          new Input.Received(answer.get(), sides.get(from).transfer().session().peerPubkey()));
    }
  }

  private void peerRefused(Role from, OdapMessage request, Refusal refusal) {
    take(from, new Input.PeerRefused(request.type(), refusal));
  }

  private Input.Received received(Role from, OdapMessage message) {
    Side side = sides.get(from);
    return received(side.transfer().session(), message, side.pubkey());
  }

  /**
   * A message of a side as the other one's driver takes it: a proposal speaks for the replica that
   * signed it, whichever brings it.
   */
  static Input.Received received(Session by, OdapMessage message, String pubkey) {
    boolean proposal = message.type() == MessageType.INITIALIZATION_REQUEST;
    return new Input.Received(message, proposal ? by.openingOwnPubkey() : pubkey);
  }

  private void assetOnExactlyOneLedger() {
    Holding source = sender().ledger().holdsAsSource(now);
    Holding destination = recipient().ledger().holdsAsDestination();
    if (source == Holding.NOTHING && destination == Holding.NOTHING) {
      State state = sender().transfer().state();
      assertThat(state)
          .as("the asset is on the way")
          .isIn(SenderState.FINALIZING, SenderState.COMMITTING);
    } else {
      assertThat(source == Holding.NOTHING)
          .as("source ledger holds %s, destination ledger %s", source, destination)
          .isEqualTo(destination == Holding.FREE);
    }
  }

  private void write(Role role, String line) {
    transcript.add(String.format("%-9s %s", role.word(), line));
  }
}
