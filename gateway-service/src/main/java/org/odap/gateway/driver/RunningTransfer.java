package org.odap.gateway.driver;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.OdapMessage;
import org.odap.core.log.LogFrame;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.GatewaySetting;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.runtime.rpc.OdapException;

/**
 * One transfer while it is driven: takes inputs one at a time, decides, appends, and only then lets
 * the outcome be seen.
 *
 * <p>Owns the transfer's state: {@code transfer} is always what the log holds durably, except while
 * {@code doubtful}, when an append's outcome is not known and the log is read again before the next
 * decision, and except while {@code returning}, when its log was read but nobody was told yet that
 * this replica goes on with it. What its effects meet without success is kept beside it, and is no
 * part of it.
 */
final class RunningTransfer {
  /** What the log service says when the log of a session taken for new exists. */
  private static final Set<ErrorReason> OLD_LOG =
      Set.of(
          ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED,
          ErrorReason.ERROR_REASON_LOG_CLOSED,
          ErrorReason.ERROR_REASON_EPOCH_STALE);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final LogAppender log;
  private final Function<Transfer, GatewaySetting> setting;
  private final Clock clock;
  private final Consumer<RunningTransfer> onChange;
  private final Transfer unopened;
  private final Map<Effect, Trouble> troubles = new ConcurrentHashMap<>();
  private volatile Transfer transfer;
  private boolean doubtful;
  private volatile boolean returning;
  private volatile boolean halted;

  RunningTransfer(
      Transfer unopened,
      LogAppender log,
      Function<Transfer, GatewaySetting> setting,
      Clock clock,
      Consumer<RunningTransfer> onChange) {
    this.unopened = unopened;
    this.transfer = unopened;
    this.log = log;
    this.setting = setting;
    this.clock = clock;
    this.onChange = onChange;
  }

  /** The transfer as its log has it. */
  Transfer transfer() {
    return transfer;
  }

  /** What it tries without success: of all that it still waits for the oldest. */
  Optional<Trouble> trouble() {
    if (troubles.isEmpty()) {
      return Optional.empty();
    }
    return TransferMachine.pending(transfer).stream()
        .flatMap(effect -> trouble(effect).stream())
        .min(Comparator.comparingLong(Trouble::since));
  }

  Optional<Trouble> trouble(Effect effect) {
    return Optional.ofNullable(troubles.get(effect));
  }

  void troubled(Effect effect, Trouble trouble) {
    troubles.put(effect, trouble);
  }

  void untroubled(Effect effect) {
    troubles.remove(effect);
  }

  /**
   * Takes up the log's entries; before anything else is asked of a transfer that is not new. Unless
   * it has ended it takes nothing before {@link Input.Recovered} is durable: it would be signed
   * with a key that the peer may never have heard of.
   */
  void load(List<LogEntry> stored) {
    lock.lock();
    try {
      transfer = folded(stored);
      returning = !transfer.state().ended();
    } finally {
      lock.unlock();
    }
  }

  private Transfer folded(List<LogEntry> stored) {
    // By the keys that opened the log: of several replicas a repeat may have named others.
    Transfer folded =
        stored.isEmpty()
            ? unopened
            : Transfer.unopened(unopened.role(), LogFrame.of(stored.getFirst()));
    for (LogEntry entry : stored) {
      folded = TransferMachine.apply(folded, entry);
    }
    return folded;
  }

  /**
   * Decides about an input; when it returns the entries it led to are durable.
   *
   * @throws OdapException when the entries could not be made durable: nothing was done, the input
   *     may come again
   */
  Step submit(Input input) {
    lock.lock();
    try {
      return decide(input);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a peer's request and waits for the answer to it.
   *
   * @throws OdapException the refusal; TOO_EARLY when there is no answer within the limit
   */
  OdapMessage answer(Input.Received input, Duration limit) {
    long nanosLeft = limit.toNanos();
    lock.lock();
    try {
      Step step = decide(input);
      while (true) {
        switch (step) {
          case Step.Refused refused -> {
            requireNothingNewer();
            throw Refusals.exception(refused.refusal());
          }
          case Step.Ignored ignored -> throw tooEarly();
          case Step.TooEarly early -> {
            // Decided again after the next change.
          }
          case Step.Accepted accepted -> {
            // The answer follows, at once or when the ledger has done its step.
          }
          case Step.Duplicate duplicate -> {
            // As above.
          }
        }
        Optional<OdapMessage> answer = transfer.answer(input.message());
        if (answer.isPresent()) {
          return answer.get();
        }
        nanosLeft = awaitChange(nanosLeft);
        if (nanosLeft <= 0 || halted) {
          throw tooEarly();
        }
        if (step instanceof Step.TooEarly) {
          step = decide(input);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * A refusal is final to the peer, so it must not come from a picture of the past: a replica that
   * was stopped for a while may have been replaced meanwhile. What is appended, the log refuses by
   * itself; what is only said has to be asked.
   */
  private void requireNothingNewer() {
    if (!log.read(transfer.logId(), transfer.head().length() + 1).isEmpty()) {
      doubtful = true;
      throw Transfers.elsewhere(transfer.logId());
    }
  }

  /** Waits until a condition holds or the limit is over; gives whether it holds. */
  boolean await(Predicate<Transfer> condition, Duration limit) {
    long nanosLeft = limit.toNanos();
    lock.lock();
    try {
      while (!condition.test(transfer)) {
        nanosLeft = awaitChange(nanosLeft);
        if (nanosLeft <= 0 || halted) {
          return condition.test(transfer);
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The entries from an index on (1 is the first), as far as they are durable. */
  List<LogEntry> entries(int fromIndex) {
    List<LogEntry> entries = transfer.entries();
    return entries.subList(Math.min(Math.max(fromIndex, 1) - 1, entries.size()), entries.size());
  }

  /** Stops for good: the right to write is gone. */
  void halt() {
    lock.lock();
    try {
      halted = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean halted() {
    return halted;
  }

  /** Whether it has begun, takes inputs, and has not been stopped. */
  boolean goesOn() {
    return !halted && !returning && transfer.head().length() > 0;
  }

  private Step decide(Input input) {
    if (halted) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_UNAVAILABLE, "this replica may not write any more");
    }
    if (returning && !(input instanceof Input.Recovered)) {
      throw Transfers.elsewhere(unopened.logId());
    }
    if (doubtful) {
      reload();
    }
    Step step = TransferMachine.decide(transfer, input, setting.apply(transfer), clock.millis());
    if (step instanceof Step.Accepted accepted) {
      try {
        log.append(transfer.logId(), accepted.entries(), accepted.transfer().state().ended());
      } catch (OdapException e) {
        if (transfer.head().length() == 0 && OLD_LOG.contains(e.reason())) {
          return decideOld(input, e);
        }
        doubtful = true;
        halted |= LeaseHolder.isLoss(e);
        throw e;
      }
      returning = false;
      transfer = accepted.transfer();
      changed.signalAll();
      onChange.accept(this);
    }
    returning = false;
    return step;
  }

  /** Not new at all: its log tells how it ended. One that has not ended runs elsewhere. */
  private Step decideOld(Input input, OdapException refusal) {
    Transfer stored = folded(log.read(unopened.logId(), 1));
    if (stored.head().length() == 0) {
      doubtful = true;
      throw refusal;
    }
    if (!stored.state().ended()) {
      throw Transfers.elsewhere(unopened.logId());
    }
    transfer = stored;
    changed.signalAll();
    onChange.accept(this);
    return decide(input);
  }

  private void reload() {
    transfer = folded(log.read(unopened.logId(), 1));
    doubtful = false;
    changed.signalAll();
    onChange.accept(this);
  }

  /** Waits for the next entry; gives what is left of the time. */
  private long awaitChange(long nanos) {
    int seen = transfer.head().length();
    long left = nanos;
    try {
      while (transfer.head().length() == seen && left > 0 && !halted) {
        left = changed.awaitNanos(left);
      }
      return left;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  private static OdapException tooEarly() {
    return new OdapException(
        ErrorReason.ERROR_REASON_TOO_EARLY, "the answer is not ready: send the same message again");
  }

  /** For those who wait for a change without a condition of their own. */
  boolean awaitEntries(int moreThan, Duration limit) {
    return await(now -> now.head().length() > moreThan, limit.isNegative() ? Duration.ZERO : limit);
  }
}
