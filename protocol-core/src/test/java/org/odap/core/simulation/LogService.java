package org.odap.core.simulation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.envelope.Messages;
import org.odap.core.log.LogFrame;
import org.odap.core.session.Role;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;

/**
 * The log service of one side: leases with epochs, and logs on a disk that keeps only what was
 * synced. After a crash an append that was not synced is there whole or not at all, and if it is,
 * so is everything before it: a torn record is cut off when the disk is read again.
 */
final class LogService extends Node {
  /** What became of an append. */
  enum Appended {
    DURABLE,
    EPOCH_STALE,
    NOT_CONTINUED
  }

  /** How long a lease lasts without being renewed: T of recovery-01 4.2. */
  static final long LEASE_MILLIS = 4_000;

  private record Write(String log, List<LogEntry> entries, Consumer<Appended> answer) {}

  private final Events events;
  private final Role role;
  private final Set<Fault> faults;
  private final Consumer<String> changed;
  private final Map<String, Transfer> disk = new LinkedHashMap<>();
  private final List<Write> unsynced = new ArrayList<>();
  private String holder = "";
  private long epoch;
  private long leasedUntil;

  /**
   * One for the transfers of one role.
   *
   * @param changed told of each transfer that more is on disk of
   */
  LogService(
      Events events, Role role, long skewMillis, Set<Fault> faults, Consumer<String> changed) {
    super(events, role.word() + "'s log", skewMillis);
    this.events = events;
    this.role = role;
    this.faults = faults;
    this.changed = changed;
  }

  /**
   * Renews a lease, or gives one under a new epoch; 0 = another has it. A new epoch is synced
   * before it counts, and so is all that was taken under the former one: its holder reads the logs
   * as they stay.
   *
   * @param held the epoch the caller believes in; 0 = none, as after each start
   */
  long lease(String who, long held) {
    boolean alive = leasedUntil > events.now();
    if (held != 0 && (held != epoch || !alive)) {
      return 0;
    }
    if (held == 0) {
      if (alive && !holder.equals(who)) {
        return 0;
      }
      sync();
      holder = who;
      epoch++;
    }
    leasedUntil = events.now() + LEASE_MILLIS;
    return epoch;
  }

  /** The newest epoch. */
  long epoch() {
    return epoch;
  }

  /** Answers once the entries are durable. */
  void append(String log, long by, List<LogEntry> entries, Consumer<Appended> answer) {
    boolean fenced = !faults.contains(Fault.LOG_DOES_NOT_FENCE);
    if (fenced && by != epoch) {
      answer.accept(Appended.EPOCH_STALE);
      return;
    }
    List<LogEntry> written = new ArrayList<>(read(log));
    unsynced.stream()
        .filter(write -> write.log().equals(log))
        .forEach(write -> written.addAll(write.entries()));
    int from = entries.getFirst().getSeqNumber() - 1;
    if (!fenced && from < written.size()) {
      // Whoever comes last is right.
      List<LogEntry> kept = read(log);
      disk.remove(log);
      kept.subList(0, Math.min(from, kept.size())).forEach(this::store);
      unsynced.removeIf(write -> write.log().equals(log));
    } else if (!continues(written, entries.getFirst())) {
      answer.accept(Appended.NOT_CONTINUED);
      return;
    }
    boolean early = faults.contains(Fault.LOG_ANSWERS_BEFORE_IT_SYNCS);
    unsynced.add(new Write(log, entries, early ? ignored -> {} : answer));
    if (early) {
      answer.accept(Appended.DURABLE);
    }
    later(early ? events.between(1, 2_000) : events.between(1, 15), this::sync);
  }

  private static boolean continues(List<LogEntry> log, LogEntry first) {
    return first.getSeqNumber() == log.size() + 1
        && (log.isEmpty() || log.getLast().getLogEntryHash().equals(first.getLastEntryHash()));
  }

  private void sync() {
    List<Write> synced = List.copyOf(unsynced);
    unsynced.clear();
    for (Write write : synced) {
      store(write);
      write.answer().accept(Appended.DURABLE);
    }
  }

  private void store(Write write) {
    write.entries().forEach(this::store);
    changed.accept(write.entries().getFirst().getSessionId());
  }

  private void store(LogEntry entry) {
    Transfer before =
        disk.getOrDefault(
            role.logId(entry.getSessionId()), Transfer.unopened(role, LogFrame.of(entry)));
    disk.put(before.logId(), TransferMachine.apply(before, entry));
  }

  /** The entries that are durable. */
  List<LogEntry> read(String log) {
    return Optional.ofNullable(disk.get(log)).map(Transfer::entries).orElse(List.of());
  }

  /** Names of all logs. */
  List<String> logs() {
    return List.copyOf(disk.keySet());
  }

  /** A transfer as its durable log has it. */
  Transfer transfer(String id) {
    return disk.getOrDefault(role.logId(id), Transfer.unopened(role, Messages.frame(id)));
  }

  @Override
  void crash() {
    super.crash();
    int survive = unsynced.isEmpty() ? 0 : events.draw(unsynced.size() + 1);
    unsynced.subList(0, survive).forEach(this::store);
    unsynced.clear();
  }
}
