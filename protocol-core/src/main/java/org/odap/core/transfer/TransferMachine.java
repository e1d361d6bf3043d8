package org.odap.core.transfer;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_CLAIM_WRONG;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_DISPUTED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_OUT_OF_ORDER;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_SESSION_UNKNOWN;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_TRANSFER_ENDED;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.core.commitment.CommitmentFlow;
import org.odap.core.envelope.MessageType;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.lockevidence.LockEvidenceFlow;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Check.Scene;
import org.odap.core.session.Recovery;
import org.odap.core.session.Role;
import org.odap.core.session.Session;
import org.odap.core.session.Timing;

/**
 * The transfer as two pure functions, {@link #apply} and {@link #decide}, and what follows from a
 * state: the effects it waits for ({@link #pending}) and the instant it must be looked at again
 * ({@link #nextTick}).
 *
 * <p>A driver takes an input, decides, appends the entries, and once they are durable performs the
 * pending effects and gives the answers that {@link Transfer#answer} has by then; what comes back
 * are the next inputs.
 */
public final class TransferMachine {
  private record Place(State from, Trigger on) {}

  private static final Map<Place, List<Rule>> RULES = index();

  private TransferMachine() {}

  /**
   * The transfer after one more entry of its log.
   *
   * @throws CorruptLogException when the entry does not continue the log or is not understood
   */
  public static Transfer apply(Transfer transfer, LogEntry entry) {
    return Fold.apply(transfer, entry);
  }

  /** What to do about an input. Never throws for anything a peer, a ledger or a client can send. */
  public static Step decide(Transfer transfer, Input input, GatewaySetting gateway, long now) {
    Situation situation = new Situation(transfer, input, gateway.forOneDecision(), now);
    return switch (input) {
      case Input.Received received -> receive(situation, received);
      case Input.Recovered recovered -> Recoveries.begin(situation);
      case Input.PeerRefused refused when Recovery.isAbout(refused.request()) ->
          Recoveries.refused(situation, refused.refusal());
      case Input.PeerRefused refused when Recoveries.isDisowned(transfer, refused) ->
          Recoveries.introduce(situation);
      case Input.LedgerDid did when waitsFor(transfer, did.claim().getStep()) ->
          checkOwnClaim(transfer.session(), did.claim())
              .<Step>map(Step.Refused::new)
              .orElseGet(() -> byRules(situation));
      case Input.Wish wish -> wish(situation, wish);
      default -> byRules(situation);
    };
  }

  /** A wish known by its key is answered as it was, whatever has become of the transfer since. */
  private static Step wish(Situation situation, Input.Wish wish) {
    ClientRequest request = wish.request();
    Optional<ClientRequest> known =
        request.getRequestId().isEmpty()
            ? Optional.empty()
            : situation.transfer().request(request.getClient(), request.getRequestId());
    if (known.isPresent()) {
      return known.get().equals(request)
          ? new Step.Ignored()
          : new Step.Refused(
              Refusal.of(
                  ErrorReason.ERROR_REASON_REQUEST_ID_REUSED,
                  "request_id: " + request.getRequestId() + " was used for another request"));
    }
    boolean again =
        wish instanceof Input.Approved
            && situation.transfer().approvals().hasFrom(request.getClient());
    return again ? new Step.Ignored() : byRules(situation);
  }

  /** The effects a transfer waits for. Each may be performed again after a restart. */
  public static List<Effect> pending(Transfer transfer) {
    Optional<OdapMessage> recovery = transfer.session().recovery().open();
    if (transfer.state().ended()) {
      return List.of();
    }
    if (recovery.isEmpty()) {
      return transfer.disputed() ? List.of() : ofState(transfer);
    }
    List<Effect> effects = new ArrayList<>();
    effects.add(new Effect.SendRequest(recovery.get()));
    if (!transfer.disputed() && !waitsForRecovery(transfer.state())) {
      // A peer takes nothing from a backup it has not heard of; the ledger does.
      boolean unknown = transfer.session().recovery().isTakingOver();
      ofState(transfer).stream()
          .filter(effect -> !unknown || effect instanceof Effect.PerformStep)
          .forEach(effects::add);
    }
    return effects;
  }

  /**
   * Whether the two gateways agree on where they are before the transfer goes on (recovery-01 4.3).
   * What can't be taken back, and what is being undone, needs no agreement and waits for none.
   */
  private static boolean waitsForRecovery(State state) {
    return switch (state) {
      case SenderState sender ->
          switch (sender) {
            case UNOPENED,
                AWAITING_APPROVAL,
                PROPOSED,
                COMMENCING,
                LOCKING,
                EVIDENCING,
                PREPARING,
                PRECOMMITTING ->
                true;
            case FINALIZING,
                COMMITTING,
                RECORDING,
                COMPLETING,
                COMPLETED,
                REFUSED,
                ROLLING_BACK,
                ROLLED_BACK,
                RESOLVED ->
                false;
          };
      case RecipientState recipient ->
          switch (recipient) {
            case UNOPENED,
                AWAITING_APPROVAL,
                DENIED,
                AGREED,
                COMMENCED,
                ANNOUNCING,
                ANNOUNCED,
                EVIDENCED,
                PREPARED,
                PRECOMMITTED ->
                true;
            case CREATING, CREATED, COMPLETED, REFUSED, ROLLING_BACK, ROLLED_BACK, RESOLVED ->
                false;
          };
    };
  }

  private static List<Effect> ofState(Transfer transfer) {
    return switch (transfer.state()) {
      case SenderState state ->
          switch (state) {
            case PROPOSED -> send(transfer, MessageType.INITIALIZATION_REQUEST);
            case COMMENCING -> send(transfer, MessageType.TRANSFER_COMMENCE);
            case LOCKING -> perform(transfer, LedgerStep.LEDGER_STEP_LOCK);
            case EVIDENCING -> send(transfer, MessageType.LOCK_EVIDENCE);
            case PREPARING -> send(transfer, MessageType.COMMIT_PREPARE);
            case PRECOMMITTING -> send(transfer, MessageType.PRE_COMMIT);
            case FINALIZING -> perform(transfer, LedgerStep.LEDGER_STEP_FINALIZE_LOCK);
            case COMMITTING -> send(transfer, MessageType.COMMIT_FINAL);
            case RECORDING -> perform(transfer, LedgerStep.LEDGER_STEP_RECORD_LOCATION);
            case COMPLETING -> send(transfer, MessageType.TRANSFER_COMPLETE);
            case ROLLING_BACK -> rollBack(transfer, LedgerStep.LEDGER_STEP_UNLOCK);
            case UNOPENED, AWAITING_APPROVAL, COMPLETED, REFUSED, ROLLED_BACK, RESOLVED ->
                List.of();
          };
      case RecipientState state ->
          switch (state) {
            case ANNOUNCING -> perform(transfer, LedgerStep.LEDGER_STEP_LOG_INCOMING);
            case CREATING -> perform(transfer, LedgerStep.LEDGER_STEP_CREATE);
            case ROLLING_BACK -> rollBack(transfer, LedgerStep.LEDGER_STEP_WITHDRAW);
            case UNOPENED,
                AWAITING_APPROVAL,
                DENIED,
                AGREED,
                COMMENCED,
                ANNOUNCED,
                EVIDENCED,
                PREPARED,
                PRECOMMITTED,
                CREATED,
                COMPLETED,
                REFUSED,
                ROLLED_BACK,
                RESOLVED ->
                List.of();
          };
    };
  }

  /**
   * The instant, UNIX milliseconds, from which on a {@link Input.Tick} changes something; empty =
   * none does.
   */
  public static OptionalLong nextTick(Transfer transfer, Timing timing) {
    if (transfer.disputed()) {
      return OptionalLong.empty();
    }
    return switch (transfer.state()) {
      case SenderState state ->
          switch (state) {
            case AWAITING_APPROVAL -> OptionalLong.of(transfer.approvals().until());
            case PROPOSED, COMMENCING, LOCKING, EVIDENCING, PREPARING, PRECOMMITTING ->
                OptionalLong.of(
                    transfer.session().expiryTime()
                        - SenderRules.marginMillis(state, transfer.session(), timing)
                        + 1);
            case ROLLING_BACK ->
                transfer.peerTold() || transfer.peerMayBeBound()
                    ? OptionalLong.empty()
                    : OptionalLong.of(transfer.session().expiryTime());
            case UNOPENED,
                FINALIZING,
                COMMITTING,
                RECORDING,
                COMPLETING,
                COMPLETED,
                REFUSED,
                ROLLED_BACK,
                RESOLVED ->
                OptionalLong.empty();
          };
      case RecipientState state ->
          switch (state) {
            case AWAITING_APPROVAL, DENIED, AGREED, COMMENCED, ANNOUNCING, ANNOUNCED, EVIDENCED ->
                OptionalLong.of(transfer.session().expiryTime());
            case ROLLING_BACK ->
                transfer.peerTold()
                    ? OptionalLong.empty()
                    : OptionalLong.of(transfer.session().expiryTime());
            case PREPARED ->
                transfer.session().isThreePhase()
                    ? OptionalLong.of(transfer.session().expiryTime())
                    : OptionalLong.empty();
            case UNOPENED,
                PRECOMMITTED,
                CREATING,
                CREATED,
                COMPLETED,
                REFUSED,
                ROLLED_BACK,
                RESOLVED ->
                OptionalLong.empty();
          };
    };
  }

  /** All rows, in order. */
  static List<Rule> rules(Role role) {
    return role == Role.SENDER ? SenderRules.RULES : RecipientRules.RULES;
  }

  private static Step receive(Situation situation, Input.Received received) {
    Session session = situation.session();
    OdapMessage message = received.message();
    if (situation.transfer().state().ended() && message.type().request()) {
      return receiveAfterEnd(situation, message);
    }
    Optional<Refusal> notAuthentic = MessageRules.authentic(session, received);
    if (notAuthentic.isPresent()) {
      return new Step.Refused(notAuthentic.get());
    }
    return switch (order(session, message)) {
      case MessageRules.Order.Repeat() ->
          message.type().request()
              ? new Step.Duplicate(message.sequenceNumber())
              : new Step.Ignored();
      case MessageRules.Order.Wrong(Refusal refusal) -> new Step.Refused(refusal);
      case MessageRules.Order.Next() ->
          Recovery.isAbout(message.type())
              ? takeRecovery(situation, message)
              : take(situation, message);
    };
  }

  /**
   * Nothing changes any more, so nobody has to prove that he may change it: a backup that takes
   * over now can't be heard, for the log is closed, but must learn how the session ended. And one
   * that has ended before it was heard can't be believed: it only refuses.
   */
  private static Step receiveAfterEnd(Situation situation, OdapMessage message) {
    boolean unknown = situation.session().recovery().isTakingOver();
    return switch (order(situation.session(), message)) {
      case MessageRules.Order.Repeat() when unknown -> outOfOrder(situation);
      case MessageRules.Order.Repeat() -> new Step.Duplicate(message.sequenceNumber());
      case MessageRules.Order.Wrong(Refusal refusal) -> new Step.Refused(refusal);
      case MessageRules.Order.Next() -> outOfOrder(situation);
    };
  }

  private static MessageRules.Order order(Session session, OdapMessage message) {
    return Recovery.isAbout(message.type())
        ? Recoveries.order(session.recovery(), message)
        : MessageRules.order(session, message);
  }

  private static Step takeRecovery(Situation situation, OdapMessage message) {
    if (situation.transfer().entries().isEmpty()) {
      return new Step.Refused(
          Refusal.of(ERROR_REASON_SESSION_UNKNOWN, "session_id: no such session here"));
    }
    return unfit(situation, message)
        .<Step>map(Step.Refused::new)
        .orElseGet(() -> Recoveries.take(situation));
  }

  private static Optional<Refusal> unfit(Situation situation, OdapMessage message) {
    return MessageRules.fits(
        new Scene(
            situation.session(),
            message,
            situation.now(),
            situation.timing(),
            situation.gateway().proofs()));
  }

  private static Step take(Situation situation, OdapMessage message) {
    if (message.type().request() && situation.session().recovery().isTakingOver()) {
      // The answer would bear a key that the peer has not heard of.
      return new Step.TooEarly();
    }
    Optional<Rule> rule = find(situation);
    if (rule.isEmpty()) {
      return outOfOrder(situation);
    }
    if (rule.get() instanceof Rule.Moves) {
      Optional<Refusal> unfit = unfit(situation, message);
      if (unfit.isPresent()) {
        return new Step.Refused(unfit.get());
      }
    }
    return follow(rule.get(), situation);
  }

  private static Step byRules(Situation situation) {
    return find(situation)
        .map(rule -> follow(rule, situation))
        .orElseGet(() -> outOfOrder(situation));
  }

  private static Optional<Rule> find(Situation situation) {
    if (situation.transfer().disputed() && !(situation.input() instanceof Input.Resolved)) {
      return Optional.empty();
    }
    Place place = new Place(situation.transfer().state(), Trigger.of(situation.input()));
    return RULES.getOrDefault(place, List.of()).stream()
        .filter(rule -> rule.guard().test(situation))
        .findFirst();
  }

  private static Step follow(Rule rule, Situation situation) {
    return switch (rule) {
      case Rule.Waits waits -> new Step.TooEarly();
      case Rule.Refuses refuses -> {
        String description = refuses.description().apply(situation);
        yield description.isEmpty()
            ? refused(refuses.reason(), situation)
            : new Step.Refused(new Refusal(refuses.reason(), "", description));
      }
      case Rule.Moves moves -> {
        Writing writing = new Writing(situation);
        moves.write().accept(writing);
        if (!writing.commands().equals(moves.logs()) || writing.state() != moves.to()) {
          throw new IllegalStateException(
              "rule "
                  + moves.from()
                  + " "
                  + moves.on().text()
                  + " wrote "
                  + writing.commands()
                  + " and came to "
                  + writing.state()
                  + " (expected: "
                  + moves.logs()
                  + ", "
                  + moves.to()
                  + ")");
        }
        yield writing.seal();
      }
    };
  }

  /**
   * No row: a late answer or tick is nothing; a request or a person's wish is told that it does not
   * fit.
   */
  private static Step outOfOrder(Situation situation) {
    if (situation.transfer().disputed() && !situation.transfer().state().ended()) {
      return inDispute(situation);
    }
    return switch (situation.input()) {
      case Input.Received received when received.message().type().request() ->
          refused(endedOr(situation.transfer(), ERROR_REASON_OUT_OF_ORDER), situation);
      case Input.Received received -> new Step.Ignored();
      case Input.Order order -> refused(ERROR_REASON_OUT_OF_ORDER, situation);
      case Input.Approved approved ->
          refused(endedOr(situation.transfer(), ERROR_REASON_OUT_OF_ORDER), situation);
      case Input.Declined declined ->
          refused(endedOr(situation.transfer(), ERROR_REASON_OUT_OF_ORDER), situation);
      case Input.Canceled canceled ->
          refused(endedOr(situation.transfer(), ERROR_REASON_OUT_OF_ORDER), situation);
      case Input.Resolved resolved ->
          refused(endedOr(situation.transfer(), ERROR_REASON_OUT_OF_ORDER), situation);
      case Input.Recovered ignored -> new Step.Ignored();
      case Input.PeerRefused ignored -> new Step.Ignored();
      case Input.LedgerDid ignored -> new Step.Ignored();
      case Input.LedgerRefused ignored -> new Step.Ignored();
      case Input.Stalled ignored -> new Step.Ignored();
      case Input.Tick ignored -> new Step.Ignored();
    };
  }

  /** Who asks is told; what merely happens waits until people have looked. */
  private static Step inDispute(Situation situation) {
    return switch (situation.input()) {
      case Input.Received received when !received.message().type().request() -> new Step.Ignored();
      case Input.Received received -> refused(ERROR_REASON_LOG_DISPUTED, situation);
      case Input.Approved approved -> refused(ERROR_REASON_LOG_DISPUTED, situation);
      case Input.Declined declined -> refused(ERROR_REASON_LOG_DISPUTED, situation);
      case Input.Canceled canceled -> refused(ERROR_REASON_LOG_DISPUTED, situation);
      default -> new Step.Ignored();
    };
  }

  private static ErrorReason endedOr(Transfer transfer, ErrorReason reason) {
    boolean over =
        transfer.state().ended()
            || transfer.state() == SenderState.ROLLING_BACK
            || transfer.state() == RecipientState.ROLLING_BACK;
    return over ? ERROR_REASON_TRANSFER_ENDED : reason;
  }

  private static Step refused(ErrorReason reason, Situation situation) {
    return new Step.Refused(
        new Refusal(
            reason,
            "",
            "the "
                + situation.transfer().role().word()
                + "'s transfer is "
                + situation.transfer().state()
                + why(situation.transfer())
                + ": it takes no input that "
                + Trigger.of(situation.input()).text()));
  }

  /** Why it was given up: the peer may hear this before the Rollback that tells it. */
  private static String why(Transfer transfer) {
    return transfer
        .failure()
        .filter(failure -> failure.getReason() != ErrorReason.ERROR_REASON_UNSPECIFIED)
        .map(failure ->
            " ("
                + failure.getReason().name().substring("ERROR_REASON_".length())
                + ": "
                + failure.getDescription()
                + ")")
        .orElse("");
  }

  private static boolean waitsFor(Transfer transfer, LedgerStep step) {
    return ofState(transfer).stream()
        .anyMatch(effect -> effect instanceof Effect.PerformStep perform && perform.step() == step);
  }

  /** This side's adapter is held to what it was asked for, as the peer will be. */
  private static Optional<Refusal> checkOwnClaim(Session session, LedgerClaim claim) {
    if (!claim.getTransferId().equals(session.id())
        || !claim.getDltSystem().equals(session.ownDlt())) {
      return Optional.of(
          Refusal.of(
              ERROR_REASON_CLAIM_WRONG, "the adapter's claim is about another transfer or ledger"));
    }
    // Once logged, a claim goes to the peer as it is: one the peer can't take would be final.
    return switch (claim.getStep()) {
      case LEDGER_STEP_LOCK -> LockEvidenceFlow.checkLockClaim(session, claim, "claim");
      case LEDGER_STEP_FINALIZE_LOCK -> CommitmentFlow.checkExtinguished(session, claim, "claim");
      case LEDGER_STEP_CREATE -> CommitmentFlow.checkCreated(session, claim, "claim");
      default -> Optional.empty();
    };
  }

  private static List<Effect> send(Transfer transfer, MessageType type) {
    return List.of(new Effect.SendRequest(transfer.session().sent(type).orElseThrow()));
  }

  private static List<Effect> perform(Transfer transfer, LedgerStep step) {
    return List.of(
        new Effect.PerformStep(
            step, transfer.session().ownDlt(), LedgerRequests.request(transfer, step)));
  }

  private static List<Effect> rollBack(Transfer transfer, LedgerStep undo) {
    List<Effect> effects = new ArrayList<>();
    if (!transfer.undone()) {
      effects.addAll(perform(transfer, undo));
    }
    if (!transfer.peerTold()) {
      effects.addAll(send(transfer, MessageType.ROLLBACK));
    }
    return effects;
  }

  private static Map<Place, List<Rule>> index() {
    Map<Place, List<Rule>> index = new HashMap<>();
    for (Role role : Role.values()) {
      for (Rule rule : rules(role)) {
        index
            .computeIfAbsent(new Place(rule.from(), rule.on()), place -> new ArrayList<>())
            .add(rule);
      }
    }
    return index;
  }
}
