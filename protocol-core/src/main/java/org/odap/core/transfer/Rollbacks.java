package org.odap.core.transfer;

import static org.odap.core.transfer.LogCommand.ACK_ROLLBACK;
import static org.odap.core.transfer.LogCommand.DONE_RESOLVE;
import static org.odap.core.transfer.LogCommand.DONE_ROLLBACK;
import static org.odap.core.transfer.LogCommand.EXEC_ROLLBACK;
import static org.odap.core.transfer.LogCommand.FAIL_ROLLBACK;
import static org.odap.core.transfer.LogCommand.FAIL_TRANSFER;
import static org.odap.core.transfer.LogCommand.INIT_ROLLBACK;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.peer.v1.Rollback;
import org.odap.api.storage.v1.Failure;
import org.odap.core.envelope.MessageType;
import org.odap.core.refusal.Refusal;
import org.odap.core.session.Role;

/**
 * Giving up before the commit point, the same on both sides: say why, undo this side's ledger step
 * if one was begun, and tell the peer. Undoing and telling go side by side, so that neither a
 * silent peer nor a ledger that is down keeps the other side waiting; the transfer has ended when
 * both are done.
 */
final class Rollbacks {
  private final List<Rule> rules;
  private final State rollingBack;
  private final State rolledBack;
  private final LogCommand execUndo;
  private final LogCommand doneUndo;
  private final LedgerStep undo;

  /**
   * Rows of one side.
   *
   * @param rules where the rows go
   */
  Rollbacks(Role role, List<Rule> rules) {
    this.rules = rules;
    boolean sender = role == Role.SENDER;
    rollingBack = sender ? SenderState.ROLLING_BACK : RecipientState.ROLLING_BACK;
    rolledBack = sender ? SenderState.ROLLED_BACK : RecipientState.ROLLED_BACK;
    execUndo = sender ? LogCommand.EXEC_UNLOCK : LogCommand.EXEC_WITHDRAW;
    doneUndo = sender ? LogCommand.DONE_UNLOCK : LogCommand.DONE_WITHDRAW;
    undo = sender ? LedgerStep.LEDGER_STEP_UNLOCK : LedgerStep.LEDGER_STEP_WITHDRAW;
  }

  /**
   * Why a transfer is given up.
   *
   * @param origin who decided: "self", "peer", "ledger", "client", "clock"
   */
  record Why(ErrorReason reason, String description, String origin) {
    /** What an input gives as the reason. */
    static Why of(Input input) {
      return switch (input) {
        case Input.PeerRefused refused -> ofPeer(refused.refusal());
        case Input.LedgerRefused refused ->
            new Why(refused.reason(), refused.description(), "ledger");
        case Input.Stalled stalled -> new Why(stalled.reason(), stalled.description(), "self");
        case Input.Canceled canceled ->
            new Why(
                ErrorReason.ERROR_REASON_CANCELED,
                "canceled by " + canceled.client() + ": " + canceled.reason(),
                "client");
        case Input.Received received -> {
          Rollback rollback = received.message().as(Rollback.class);
          yield new Why(
              ErrorReason.ERROR_REASON_PEER_ROLLED_BACK,
              "the peer gave up ("
                  + rollback.getReason().name().substring("ERROR_REASON_".length())
                  + "): "
                  + rollback.getDescription(),
              "peer");
        }
        case Input.Order order -> throw new IllegalArgumentException("an order gives nothing up");
        case Input.LedgerDid did ->
            throw new IllegalArgumentException("a step done gives nothing up");
        case Input.Approved approved ->
            throw new IllegalArgumentException("an approval gives nothing up");
        case Input.Declined declined ->
            new Why(
                ErrorReason.ERROR_REASON_DECLINED,
                declined.client() + ": " + declined.reason(),
                "client");
        case Input.Resolved resolved ->
            throw new IllegalArgumentException("a resolution is no rollback");
        case Input.Recovered recovered ->
            throw new IllegalArgumentException("a recovery gives nothing up");
        case Input.Tick tick ->
            new Why(ErrorReason.ERROR_REASON_EXPIRED, "the agreed expiry has passed", "clock");
      };
    }

    private static Why ofPeer(Refusal refusal) {
      return new Why(refusal.reason(), "the peer refused: " + refusal.description(), "peer");
    }
  }

  /**
   * This side gives up: the command that logs the input first, if any, then why, the undoing, the
   * news to the peer.
   */
  Rule givesUp(Rule.Row row, boolean begun, Function<Writing, Why> why, LogCommand... take) {
    List<LogCommand> logs = new ArrayList<>(List.of(take));
    logs.add(FAIL_TRANSFER);
    if (begun) {
      logs.add(execUndo);
    }
    logs.add(INIT_ROLLBACK);
    Consumer<Writing> write =
        w -> {
          for (LogCommand command : take) {
            w.take(command);
          }
          Failure failure = fail(w, why.apply(w));
          if (begun) {
            w.begin(execUndo, undo);
          }
          w.tellPeer(failure);
        };
    return row.moves(rollingBack, write, logs.toArray(LogCommand[]::new));
  }

  /** This side gives up for the reason the input gives. */
  void givesUpOn(State from, boolean begun, Trigger on) {
    rules.add(
        givesUp(Rule.in(from, on, "recovery-01 4.3"), begun, w -> Why.of(w.situation().input())));
  }

  /** The peer gives up: its message is answered at once, and this side undoes what it began. */
  void peerGivesUp(State from, boolean begun) {
    Rule.Row row = Rule.in(from, Trigger.receives(MessageType.ROLLBACK), "recovery-01 4.3");
    Consumer<Writing> write =
        w -> {
          w.takeRollback();
          fail(w, Why.of(w.situation().input()));
          if (begun) {
            w.begin(execUndo, undo);
          } else {
            end(w);
          }
        };
    rules.add(
        begun
            ? row.moves(rollingBack, write, EXEC_ROLLBACK, ACK_ROLLBACK, FAIL_TRANSFER, execUndo)
            : row.moves(
                rolledBack, write, EXEC_ROLLBACK, ACK_ROLLBACK, FAIL_TRANSFER, DONE_ROLLBACK));
  }

  /** From here there is no giving up. */
  void refuses(State from, ErrorReason toClient, ErrorReason toPeer) {
    rules.add(Rule.in(from, Trigger.CANCELED, "recovery-01 4.3").refuses(toClient));
    rules.add(
        Rule.in(from, Trigger.receives(MessageType.ROLLBACK), "recovery-01 4.3").refuses(toPeer));
  }

  /** What an operator may close: what no longer ends by being canceled. */
  void resolves(State from) {
    resolves(Rule.in(from, Trigger.RESOLVED, "recovery-01 4.3"));
  }

  /** What can be canceled is, unless the logs disagree. */
  void resolvesInDispute(State from) {
    resolves(
        Rule.in(from, Trigger.RESOLVED, "recovery-01 4.3")
            .when("the logs disagree", s -> s.transfer().disputed()));
  }

  private void resolves(Rule.Row row) {
    boolean sender = row.from() instanceof SenderState;
    rules.add(
        row.moves(
            sender ? SenderState.RESOLVED : RecipientState.RESOLVED,
            w -> {
              Input.Resolved resolved = (Input.Resolved) w.situation().input();
              w.fail(
                  DONE_RESOLVE,
                  ErrorReason.ERROR_REASON_RESOLVED,
                  resolved.client() + ": " + resolved.reason(),
                  "client");
            },
            DONE_RESOLVE));
  }

  /** How a rollback ends: once the ledger step is undone and the peer told. */
  void ends() {
    Predicate<Situation> told = s -> s.transfer().peerTold();
    Predicate<Situation> undone = s -> s.transfer().undone();
    Predicate<Situation> always = s -> true;
    // A ledger's repeated answer is no news.
    bothDone(
        Trigger.did(undo),
        undone.negate(),
        "the peer is told",
        told,
        w -> w.done(doneUndo),
        doneUndo);
    bothDone(
        Trigger.receives(MessageType.ROLLBACK_ACK),
        always,
        "the ledger is as before",
        undone,
        w -> w.take(ACK_ROLLBACK),
        ACK_ROLLBACK);
    bothDone(
        Trigger.receives(MessageType.ROLLBACK),
        always,
        "the ledger is as before",
        undone,
        Writing::takeRollback,
        EXEC_ROLLBACK,
        ACK_ROLLBACK);
    bothDone(
        Trigger.isRefused(MessageType.ROLLBACK),
        told.negate().and(Rollbacks::refusalFreesPeer),
        "the ledger is as before",
        undone,
        Rollbacks::peerNotTold,
        FAIL_ROLLBACK);
    // A peer that has promised nothing gives up by itself at the expiry.
    Predicate<Situation> gone =
        s -> !s.transfer().peerTold() && s.millisLeft() <= 0 && !s.transfer().peerMayBeBound();
    Rule.Row row = Rule.in(rollingBack, Trigger.TIME_PASSES, "recovery-01 4.3");
    rules.add(
        row.when("expired, the peer is free, the ledger as before", gone.and(undone))
            .moves(
                rolledBack,
                w -> {
                  peerNotTold(w);
                  end(w);
                },
                FAIL_ROLLBACK,
                DONE_ROLLBACK));
    rules.add(
        row.when("expired and the peer is free", gone)
            .moves(rollingBack, Rollbacks::peerNotTold, FAIL_ROLLBACK));
    rules.add(
        Rule.in(rollingBack, Trigger.CANCELED, "recovery-01 4.3")
            .refuses(ErrorReason.ERROR_REASON_TRANSFER_ENDED));
    resolves(rollingBack);
  }

  /** Logs that this side is as it was before. */
  static void end(Writing w) {
    w.note(DONE_ROLLBACK, Failure.getDefaultInstance());
  }

  /** Logs why the transfer is given up. */
  static Failure fail(Writing w, Why why) {
    return w.fail(FAIL_TRANSFER, why.reason(), why.description(), why.origin());
  }

  private static void peerNotTold(Writing w) {
    Why why = Why.of(w.situation().input());
    w.fail(FAIL_ROLLBACK, why.reason(), why.description(), why.origin());
  }

  /**
   * A peer that refuses the news has ended the session, or never heard of it. From one that may be
   * bound by its promise, only these two are taken as an answer: any other refusal would leave it
   * bound for ever.
   */
  private static boolean refusalFreesPeer(Situation s) {
    ErrorReason reason = ((Input.PeerRefused) s.input()).refusal().reason();
    return !s.transfer().peerMayBeBound()
        || reason == ErrorReason.ERROR_REASON_TRANSFER_ENDED
        || reason == ErrorReason.ERROR_REASON_SESSION_UNKNOWN;
  }

  /** Two rows for an input that ends one half of a rollback: the last half, or the first. */
  private void bothDone(
      Trigger on,
      Predicate<Situation> news,
      String when,
      Predicate<Situation> other,
      Consumer<Writing> write,
      LogCommand... logs) {
    Rule.Row row = Rule.in(rollingBack, on, "recovery-01 4.3");
    List<LogCommand> last = new ArrayList<>(List.of(logs));
    last.add(DONE_ROLLBACK);
    rules.add(
        row.when(when, news.and(other))
            .moves(
                rolledBack,
                w -> {
                  write.accept(w);
                  end(w);
                },
                last.toArray(LogCommand[]::new)));
    rules.add(row.when("the other half is not done", news).moves(rollingBack, write, logs));
  }
}
