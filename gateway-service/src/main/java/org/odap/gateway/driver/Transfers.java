package org.odap.gateway.driver;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.log.LogFrame;
import org.odap.core.session.Role;
import org.odap.core.transfer.Transfer;
import org.odap.runtime.rpc.OdapException;

/**
 * The transfers at hand: those that run on this replica and the last that ended, by log id. Others
 * are read from their logs.
 *
 * <p>Invariant: a log id has one {@link RunningTransfer} at most among those that run.
 */
final class Transfers {
  /**
   * Ended transfers kept at hand, for late repeats and for those who look; older ones are read from
   * the log.
   */
  private static final int ENDED_MAX = 256;

  private final Function<Transfer, RunningTransfer> start;
  private final Function<String, List<LogEntry>> logs;
  private final int inFlightMax;
  private final Map<String, RunningTransfer> running = new ConcurrentHashMap<>();
  private final Map<String, RunningTransfer> ended =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, RunningTransfer> eldest) {
              return size() > ENDED_MAX;
            }
          });

  /**
   * Nothing at hand yet.
   *
   * @param start makes a transfer that is driven out of one that has no entries
   * @param logs reads a log; empty when there is none
   * @param inFlightMax transfers that may run when an order is taken. Proposals are taken until
   *     twice as many run: else two gateways full of orders would wait for each other
   */
  Transfers(
      Function<Transfer, RunningTransfer> start,
      Function<String, List<LogEntry>> logs,
      int inFlightMax) {
    this.start = start;
    this.logs = logs;
    this.inFlightMax = inFlightMax;
  }

  /** Those that run on this replica and have begun. */
  List<Transfer> running() {
    return running.values().stream()
        .map(RunningTransfer::transfer)
        .filter(transfer -> transfer.head().length() > 0)
        .toList();
  }

  /** Those that run and try something without success. */
  int troubledCount() {
    return Math.toIntExact(
        running.values().stream().filter(transfer -> transfer.trouble().isPresent()).count());
  }

  /** What a transfer that runs here tries without success. */
  Optional<Trouble> trouble(String logId) {
    return Optional.ofNullable(running.get(logId)).flatMap(RunningTransfer::trouble);
  }

  /** Whether a transfer runs on this replica. */
  boolean isRunning(String logId) {
    return running.containsKey(logId);
  }

  /**
   * A transfer that this replica may drive.
   *
   * @throws OdapException UNAVAILABLE when another replica of this gateway has its log, or when it
   *     is about to be taken up here
   */
  Optional<RunningTransfer> held(String logId) {
    Optional<RunningTransfer> stored = find(logId);
    if (stored.isEmpty() || stored.get().transfer().state().ended()) {
      return stored;
    }
    // What was read from the log is a picture of it: only the one that runs may go on with it.
    return Optional.of(
        Optional.ofNullable(running.get(logId))
            .filter(RunningTransfer::goesOn)
            .orElseThrow(() -> elsewhere(logId)));
  }

  /** The refusal of what only the replica that runs a transfer can do. */
  static OdapException elsewhere(String logId) {
    return new OdapException(
        ErrorReason.ERROR_REASON_UNAVAILABLE,
        "transfer " + logId + " does not run on this replica of the gateway now: ask the others");
  }

  /**
   * A transfer at hand, or one whose log is kept: as it was when it was read, unless it runs here.
   */
  Optional<RunningTransfer> find(String logId) {
    RunningTransfer atHand = running.getOrDefault(logId, ended.get(logId));
    if (atHand != null && atHand.transfer().head().length() > 0) {
      return Optional.of(atHand);
    }
    // A first message that is being decided tells nothing: it may be the repeat of an old one.
    if (!logId.matches("[0-9a-f-]{36}/[a-z]+")) {
      return Optional.empty();
    }
    List<LogEntry> entries = logs.apply(logId);
    return entries.isEmpty() ? Optional.empty() : Optional.of(read(logId, entries));
  }

  /**
   * The transfer of an id, in a role or in the one this gateway has.
   *
   * @throws OdapException TRANSFER_UNKNOWN
   */
  RunningTransfer get(String transferId, Optional<Role> role) {
    return first(transferId, role, this::find);
  }

  /**
   * As {@link #get}, of those that this replica may drive.
   *
   * @throws OdapException TRANSFER_UNKNOWN; UNAVAILABLE as {@link #held}
   */
  RunningTransfer getHeld(String transferId, Optional<Role> role) {
    return first(transferId, role, this::held);
  }

  private static RunningTransfer first(
      String transferId, Optional<Role> role, Function<String, Optional<RunningTransfer>> find) {
    return role.map(List::of).orElse(List.of(Role.values())).stream()
        .flatMap(wanted -> find.apply(wanted.logId(transferId)).stream())
        .findFirst()
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN,
                "transfer_id: no transfer " + transferId + " here"));
  }

  /** The roles this gateway has in a transfer. */
  List<Role> roles(String transferId) {
    return Stream.of(Role.values())
        .filter(role -> find(role.logId(transferId)).isPresent())
        .toList();
  }

  /** All at hand, newest first. */
  List<Transfer> all() {
    return Stream.concat(running.values().stream(), List.copyOf(ended.values()).stream())
        .map(RunningTransfer::transfer)
        .filter(transfer -> transfer.head().length() > 0)
        .sorted(
            Comparator.comparingLong(Transfer::startedAt).reversed().thenComparing(Transfer::logId))
        .toList();
  }

  /**
   * The transfer of a session, which starts here unless it is at hand.
   *
   * @throws OdapException UNAVAILABLE when as many run as this replica takes
   */
  RunningTransfer registered(Role role, LogFrame frame) {
    String logId = role.logId(frame.sessionId());
    RunningTransfer atHand = running.getOrDefault(logId, ended.get(logId));
    if (atHand != null) {
      return atHand;
    }
    int max = role == Role.SENDER ? inFlightMax : 2 * inFlightMax;
    if (running.size() >= max) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_UNAVAILABLE,
          "this replica of the gateway runs "
              + running.size()
              + " transfers (expected: fewer than "
              + max
              + ", for one more): ask the others, or again");
    }
    return running.computeIfAbsent(logId, id -> start.apply(Transfer.unopened(role, frame)));
  }

  /** A first message that was refused leaves nothing behind. */
  void forgetUnopened(RunningTransfer transfer) {
    if (transfer.transfer().head().length() == 0) {
      running.remove(transfer.transfer().logId(), transfer);
    }
  }

  /**
   * A transfer whose log has become this replica's: it is filed with those that run, unless it has
   * ended, and goes on once it has taken {@link org.odap.core.transfer.Input.Recovered}.
   */
  RunningTransfer restored(String logId, List<LogEntry> entries) {
    RunningTransfer transfer = read(logId, entries);
    return transfer.transfer().state().ended()
        ? transfer
        : running.compute(
            logId, (id, before) -> before != null && isTakenUp(before) ? before : transfer);
  }

  private static boolean isTakenUp(RunningTransfer transfer) {
    return !transfer.halted() && transfer.transfer().head().length() > 0;
  }

  /** A transfer that could not be taken up leaves nothing behind. */
  void forgetReturning(RunningTransfer transfer) {
    if (!transfer.goesOn()) {
      transfer.halt();
      running.remove(transfer.transfer().logId(), transfer);
    }
  }

  private RunningTransfer read(String logId, List<LogEntry> entries) {
    RunningTransfer transfer =
        start.apply(Transfer.unopened(Role.ofLogId(logId), LogFrame.of(entries.getFirst())));
    transfer.load(entries);
    if (transfer.transfer().state().ended()) {
      ended.put(logId, transfer);
    }
    return transfer;
  }

  /** Files a transfer that changed where it belongs. */
  void file(RunningTransfer transfer) {
    Transfer now = transfer.transfer();
    if (now.state().ended()) {
      ended.put(now.logId(), transfer);
      running.remove(now.logId());
    } else {
      running.putIfAbsent(now.logId(), transfer);
    }
  }

  /** Stops all that run, where they are. */
  void halt() {
    running.values().forEach(RunningTransfer::halt);
  }

  /** Stops all that run and forgets them: somebody else may go on with them. */
  void drop() {
    halt();
    running.clear();
  }
}
