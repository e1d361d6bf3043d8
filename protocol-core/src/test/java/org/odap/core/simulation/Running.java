package org.odap.core.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.WithdrawIncomingRequest;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.log.LogFrame;
import org.odap.core.session.Role;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.RecipientState;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;

/**
 * One transfer while a replica drives it, as the gateway's driver does: one input at a time,
 * decide, append, and only when that is durable let the outcome be seen and perform the effects,
 * each until it is no longer waited for. After an append whose outcome is not known the log is read
 * again before the next decision.
 */
final class Running {
  private static final long PAUSE_FIRST_MILLIS = 50;
  private static final long PAUSE_MAX_MILLIS = 5_000;
  private static final long PATIENCE_MILLIS = 20_000;

  private record Task(Input input, Consumer<Optional<Step>> done) {}

  private final Replica replica;
  private final Transfer unopened;
  private final long epoch;
  private final Deque<Task> tasks = new ArrayDeque<>();
  private final Set<String> underWay = new HashSet<>();
  private Transfer transfer;
  private boolean busy;
  private boolean doubtful;
  private boolean halted;
  private boolean recovering;

  Running(Replica replica, Transfer unopened, long epoch) {
    this.replica = replica;
    this.unopened = unopened;
    this.transfer = unopened;
    this.epoch = epoch;
  }

  /** As the log has it, unless its outcome is in doubt. */
  Transfer transfer() {
    return transfer;
  }

  void halt() {
    halted = true;
  }

  void load(List<LogEntry> entries) {
    transfer =
        entries.isEmpty()
            ? unopened
            : Transfer.unopened(unopened.role(), LogFrame.of(entries.getFirst()));
    for (LogEntry entry : entries) {
      transfer = TransferMachine.apply(transfer, entry);
    }
    doubtful = false;
  }

  /** Says that this gateway is back, before anything else, until that is durable. */
  void recover() {
    recovering = true;
    tasks.add(
        new Task(
            new Input.Recovered(),
            step -> {
              if (step.isPresent()) {
                recovering = false;
                perform();
              } else {
                replica.later(PAUSE_FIRST_MILLIS, this::recover);
              }
            }));
    next();
  }

  /** Told when the entries are durable; empty = they may not be, and the input may come again. */
  void submit(Input input, Consumer<Optional<Step>> done) {
    if (recovering) {
      done.accept(Optional.empty());
      return;
    }
    tasks.add(new Task(input, done));
    next();
  }

  void receive(Input.Received input, Consumer<Reply> back) {
    submit(
        input,
        step -> {
          if (step.isPresent() && step.get() instanceof Step.Refused refused) {
            replica.refuse(transfer, refused.refusal(), back);
          } else {
            back.accept(
                step.flatMap(accepted -> transfer.answer(input.message()))
                    .<Reply>map(Reply.Answer::new)
                    .orElseGet(Reply.TooEarly::new));
          }
        });
  }

  /** Looks at the clock. */
  void tick() {
    if (halted || busy || recovering) {
      return;
    }
    if ((doubtful || transfer.head().length() == 0) && tasks.isEmpty()) {
      // Nobody may come again: what a late append left in the log must be taken up all the same.
      busy = true;
      reload();
      return;
    }
    var next = TransferMachine.nextTick(transfer, replica.setting().timing());
    if (next.isPresent() && next.getAsLong() <= replica.clock()) {
      submit(new Input.Tick(), step -> {});
    }
    perform();
    breakPromise();
  }

  private void next() {
    if (busy || halted || tasks.isEmpty()) {
      return;
    }
    busy = true;
    if (doubtful) {
      reload();
    } else {
      decide(tasks.remove());
    }
  }

  private void idle() {
    busy = false;
    next();
  }

  private void reload() {
    LogService log = replica.side().log();
    replica
        .world()
        .network()
        .<List<LogEntry>>call(
            replica,
            log,
            back -> back.accept(log.read(unopened.logId())),
            entries -> {
              if (halted) {
                return;
              }
              entries.ifPresent(this::load);
              if (doubtful) {
                busy = false;
                Optional.ofNullable(tasks.poll())
                    .ifPresent(task -> task.done().accept(Optional.empty()));
              } else {
                perform();
                busy = false;
              }
              next();
            });
  }

  private void decide(Task task) {
    Step step = TransferMachine.decide(transfer, task.input(), replica.setting(), replica.clock());
    if (!(step instanceof Step.Accepted accepted)) {
      task.done().accept(Optional.of(step));
      idle();
      return;
    }
    if (replica.faults().contains(Fault.GATEWAY_ACTS_BEFORE_IT_LOGS)) {
      TransferMachine.pending(accepted.transfer()).forEach(effect -> attempt(effect, answer -> {}));
    }
    LogService log = replica.side().log();
    replica
        .world()
        .network()
        .<LogService.Appended>call(
            replica,
            log,
            back -> log.append(transfer.logId(), epoch, accepted.entries(), back),
            outcome -> {
              if (!halted) {
                appended(task, accepted, outcome);
              }
            });
  }

  private void appended(Task task, Step.Accepted accepted, Optional<LogService.Appended> outcome) {
    if (outcome.equals(Optional.of(LogService.Appended.DURABLE))) {
      transfer = accepted.transfer();
      task.done().accept(Optional.of(accepted));
      perform();
      idle();
    } else if (outcome.equals(Optional.of(LogService.Appended.EPOCH_STALE))) {
      task.done().accept(Optional.empty());
      replica.stepDown();
    } else {
      doubtful = true;
      task.done().accept(Optional.empty());
      idle();
    }
  }

  /** Starts what waits to be done and is not under way yet. */
  private void perform() {
    if (recovering) {
      return;
    }
    for (Effect effect : TransferMachine.pending(transfer)) {
      if (underWay.add(name(effect))) {
        attempt(effect, PAUSE_FIRST_MILLIS, replica.clock());
      }
    }
  }

  private boolean isWanted(Effect effect) {
    return !halted
        && TransferMachine.pending(transfer).stream()
            .anyMatch(pending -> name(pending).equals(name(effect)));
  }

  private void attempt(Effect effect, long pause, long troubleSince) {
    if (!isWanted(effect)) {
      underWay.remove(name(effect));
      return;
    }
    attempt(
        effect,
        answered -> {
          if (halted) {
            return;
          }
          boolean stalled = !answered && replica.clock() - troubleSince >= PATIENCE_MILLIS;
          if (stalled && isWanted(effect)) {
            submit(new Input.Stalled(reason(effect), "no answer"), step -> {});
          }
          replica.later(
              pause,
              () ->
                  attempt(
                      effect,
                      Math.min(2 * pause, PAUSE_MAX_MILLIS),
                      answered ? replica.clock() : troubleSince));
        });
  }

  /** Tries once; told when that is over, and whether anybody answered. */
  private void attempt(Effect effect, Consumer<Boolean> over) {
    switch (effect) {
      case Effect.SendRequest send -> send(send, replica.peer().replicas().getFirst(), over);
      case Effect.PerformStep perform -> perform(perform, over);
    }
  }

  private void send(Effect.SendRequest send, Replica to, Consumer<Boolean> over) {
    String key = replica.key();
    replica
        .world()
        .network()
        .<Reply>call(
            replica,
            to,
            back -> to.receive(transfer.session().frame(), send.request(), key, back),
            reply -> {
              switch (reply.orElseGet(Reply.NotHere::new)) {
                case Reply.Answer(var message) ->
                    submit(
                        new Input.Received(message, transfer.session().peerPubkey()),
                        step -> over.accept(true));
                case Reply.Refused(var refusal) ->
                    submit(
                        new Input.PeerRefused(send.request().type(), refusal),
                        step -> over.accept(true));
                case Reply.TooEarly() -> over.accept(true);
                case Reply.NotHere() -> {
                  List<Replica> replicas = replica.peer().replicas();
                  int index = replicas.indexOf(to) + 1;
                  if (index < replicas.size() && !halted) {
                    send(send, replicas.get(index), over);
                  } else {
                    over.accept(false);
                  }
                }
              }
            });
  }

  private void perform(Effect.PerformStep perform, Consumer<Boolean> over) {
    Ledger ledger = replica.side().ledger();
    replica
        .world()
        .network()
        .<Optional<Input>>call(
            replica,
            ledger,
            back -> {
              long takes = replica.world().events().between(1, 1_500);
              ledger.later(
                  takes, () -> back.accept(ledger.perform(perform.step(), perform.request())));
            },
            answer -> {
              if (halted) {
                return;
              }
              if (answer.isPresent() && answer.get().isEmpty()) {
                replica.stepDown();
              } else if (answer.isPresent()) {
                submit(answer.get().get(), step -> over.accept(true));
              } else {
                over.accept(false);
              }
            });
  }

  private void breakPromise() {
    if (replica.faults().contains(Fault.RECIPIENT_BREAKS_ITS_PROMISE)
        && transfer.role() == Role.RECIPIENT
        && transfer.state() == RecipientState.PREPARED
        && transfer.session().expiryTime() <= replica.clock()) {
      perform(
          new Effect.PerformStep(
              LedgerStep.LEDGER_STEP_WITHDRAW,
              transfer.session().ownDlt(),
              WithdrawIncomingRequest.newBuilder()
                  .setKey(
                      StepKey.newBuilder()
                          .setTransferId(transfer.id())
                          .setEpoch(transfer.head().length()))
                  .build()),
          answered -> {});
    }
  }

  /** For people who look for a fault. */
  @Override
  public String toString() {
    return " in epoch "
        + epoch
        + ": "
        + transfer.state()
        + ", recovery "
        + transfer.session().recovery()
        + ", tasks "
        + tasks
        + ", under way "
        + underWay
        + (busy ? ", busy" : "")
        + (doubtful ? ", doubtful" : "")
        + (halted ? ", halted" : "")
        + (recovering ? ", recovering" : "");
  }

  private static ErrorReason reason(Effect effect) {
    return effect instanceof Effect.SendRequest
        ? ErrorReason.ERROR_REASON_PEER_UNREACHABLE
        : ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE;
  }

  private static String name(Effect effect) {
    return switch (effect) {
      case Effect.SendRequest send -> send.request().hash();
      case Effect.PerformStep perform -> perform.step().name();
    };
  }
}
