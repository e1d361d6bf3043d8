package org.odap.gateway.tracker;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.TrackerPosition;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogHead;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.OwnLog;
import org.odap.runtime.rpc.OdapException;

/**
 * How far a transfer has been posted to its tracker, in a log of its own: open as long as something
 * is left, so that whoever claims it after a crash goes on there.
 *
 * <p>Mutable: the position and the end of the log, owned by the thread that posts; the position may
 * be looked at by others.
 */
final class PositionLog {
  private static final String KIND = "tracker";

  private final OwnLog log;
  private final Store store;
  private final Clock clock;
  private volatile TrackerPosition position;
  private LogHead head;
  private volatile boolean closed;

  /** The logs, as this replica may write them. */
  interface Store {
    /** Appends under this replica's epoch. */
    void append(String logId, List<LogEntry> entries, boolean close);

    /** Reads a log from an index on. */
    List<LogEntry> read(String logId, int fromIndex);
  }

  private PositionLog(
      OwnLog log, Store store, Clock clock, TrackerPosition position, LogHead head) {
    this.log = log;
    this.store = store;
    this.clock = clock;
    this.position = position;
    this.head = head;
  }

  /** Id of the log for a transfer's. */
  static String id(GatewaySelf self, String transferLogId) {
    return OwnLog.about(self, KIND, transferLogId).id();
  }

  /** Whether a log is such a one. */
  static boolean isLog(String logId) {
    return OwnLog.isOf(KIND, logId);
  }

  /**
   * Begins the log for a transfer that is about to begin; durable when it returns.
   *
   * @throws OdapException LOG_UNAVAILABLE; another when there is one already
   */
  static PositionLog begin(GatewaySelf self, Store store, Clock clock, TrackerPosition start) {
    PositionLog begun =
        new PositionLog(
            OwnLog.about(self, KIND, start.getLogId()), store, clock, start, LogHead.EMPTY);
    begun.write(start, false);
    return begun;
  }

  /** A log that this replica has claimed; empty when there is no such log. */
  static Optional<PositionLog> claimed(GatewaySelf self, Store store, Clock clock, String logId) {
    OwnLog log = OwnLog.of(self, KIND, logId);
    List<LogEntry> entries = store.read(logId, 1);
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PositionLog(log, store, clock, last(log, entries), LogEntries.head(entries)));
  }

  String id() {
    return log.id();
  }

  TrackerPosition position() {
    return position;
  }

  /** Whether nothing is left to post. */
  boolean isClosed() {
    return closed;
  }

  /** Entries of the transfer's log that are not posted. */
  List<LogEntry> unposted() {
    return store.read(position.getLogId(), position.getPosted() + 1);
  }

  /** Writes where it has come to; durable when it returns. */
  void write(TrackerPosition next, boolean close) {
    List<LogEntry> entries = List.of(log.done(head, "post", KIND, next, clock.millis()));
    try {
      store.append(log.id(), entries, close);
    } catch (OdapException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_LOG_UNAVAILABLE && head.length() > 0) {
        // It may be stored: what the log has is what holds.
        List<LogEntry> stored = store.read(log.id(), 1);
        position = last(log, stored);
        head = LogEntries.head(stored);
      }
      throw e;
    }
    position = next;
    head = LogEntries.head(entries);
    closed = close;
  }

  private static TrackerPosition last(OwnLog log, List<LogEntry> entries) {
    return log.content(entries.getLast(), TrackerPosition.class);
  }
}
