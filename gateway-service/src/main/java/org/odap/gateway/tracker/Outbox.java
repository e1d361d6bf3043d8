package org.odap.gateway.tracker;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.storage.v1.TrackerPosition;
import org.odap.core.log.DerivedId;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.LogHead;
import org.odap.core.log.PhasedPayload;
import org.odap.core.session.Role;
import org.odap.core.transfer.LogCommand;
import org.odap.core.transfer.State;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts one transfer's log to its tracker, in order, each entry at least once. The transfer's log
 * is what is to be posted; how far that has come is in a log of its own, open as long as something
 * is left: whoever claims it after a crash goes on there.
 *
 * <p>Mutable: the end of that log and the position, owned by the thread that runs; what it is told
 * by others is guarded by the lock.
 */
final class Outbox implements Runnable {
  private static final Duration RETRY_FIRST = Duration.ofMillis(200);
  private static final Duration RETRY_MAX = Duration.ofMinutes(1);

  /** Without news it looks by itself: another replica may have gone on with the transfer. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** An order that has not begun by then did not begin at all. */
  private static final Duration UNOPENED_MAX = Duration.ofMinutes(1);

  private static final int OK_MIN = 200;
  private static final int OK_MAX = 299;
  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final GatewaySelf self;
  private final Store store;
  private final Trackers trackers;
  private final TrackerMetrics metrics;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  private final String logId;
  private TrackerPosition position;
  private LogHead head;
  private boolean closed;
  private boolean news;
  private volatile boolean stopped;
  private volatile int backlog;

  /** The logs, as this replica may write them. */
  interface Store {
    /** Appends under this replica's epoch. */
    void append(String logId, List<LogEntry> entries, boolean close);

    /** Reads a log from an index on. */
    List<LogEntry> read(String logId, int fromIndex);
  }

  /** What an outbox works with. */
  record Parts(
      GatewaySelf self, Store store, Trackers trackers, TrackerMetrics metrics, Clock clock) {}

  private Outbox(Parts parts, String logId, TrackerPosition position, LogHead head) {
    this.self = parts.self();
    this.store = parts.store();
    this.trackers = parts.trackers();
    this.metrics = parts.metrics();
    this.clock = parts.clock();
    this.logId = logId;
    this.position = position;
    this.head = head;
  }

  /** Id of the log of a transfer's outbox. */
  static String logId(String transferLogId) {
    return sessionId(transferLogId) + "/tracker";
  }

  /** Whether a log is an outbox's. */
  static boolean isLog(String logId) {
    return logId.endsWith("/tracker");
  }

  private static String sessionId(String transferLogId) {
    return DerivedId.of("tracker\n" + transferLogId);
  }

  /**
   * The outbox of a transfer that is about to begin; durable when it returns.
   *
   * @throws OdapException LOG_UNAVAILABLE; LOG_NOT_CONTINUED, LOG_CLOSED, EPOCH_STALE when there is
   *     one
   */
  static Outbox open(Parts parts, String transferLogId, URI url, boolean always) {
    TrackerPosition start =
        TrackerPosition.newBuilder()
            .setLogId(transferLogId)
            .setUrl(url.toString())
            .setAlways(always)
            .build();
    Outbox outbox = new Outbox(parts, logId(transferLogId), start, LogHead.EMPTY);
    outbox.write(start, false);
    return outbox;
  }

  /** The outbox of a log that this replica has claimed; empty when there is no such log. */
  static Optional<Outbox> claimed(Parts parts, String logId) {
    List<LogEntry> entries = parts.store().read(logId, 1);
    return entries.isEmpty()
        ? Optional.empty()
        : Optional.of(new Outbox(parts, logId, position(entries), LogEntries.head(entries)));
  }

  String logId() {
    return logId;
  }

  /** Entries that are known and not posted. */
  int backlog() {
    return backlog;
  }

  /** The transfer's log is longer. */
  void wake() {
    lock.lock();
    try {
      news = true;
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Stops where it is. */
  void stop() {
    stopped = true;
    wake();
  }

  @Override
  public void run() {
    long since = clock.millis();
    Duration pause = RETRY_FIRST;
    try {
      while (!stopped && !closed) {
        try {
          boolean posted = postNext(since);
          pause = posted ? RETRY_FIRST : pause;
          if (!posted && !closed) {
            await(LOOK);
          }
        } catch (IOException | OdapException e) {
          if (e instanceof OdapException refused && isLoss(refused)) {
            log.atInfo().addKeyValue("log", logId).log("outbox is another replica's by now");
            return;
          }
          metrics.failed();
          log.atWarn()
              .addKeyValue("log", position.getLogId())
              .addKeyValue("posted", position.getPosted())
              .addKeyValue("cause", e.getMessage())
              .log("tracker not reached, trying again");
          rest(pause);
          pause =
              pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Posts what has come since; gives whether there was any. */
  private boolean postNext(long since) throws IOException, InterruptedException {
    List<LogEntry> entries = store.read(position.getLogId(), position.getPosted() + 1);
    backlog = entries.size();
    if (entries.isEmpty()) {
      boolean neverBegan =
          position.getPosted() == 0 && clock.millis() - since > UNOPENED_MAX.toMillis();
      if (neverBegan) {
        write(position, true);
      }
      return false;
    }
    for (LogEntry entry : entries) {
      boolean last = isLast(entry);
      if (position.getAlways() || entry.getSeqNumber() == 1 || last) {
        post(entry);
      }
      backlog = entries.getLast().getSeqNumber() - entry.getSeqNumber();
      // Behind the last one posted there may be a repeat after a crash, never a gap.
      write(position.toBuilder().setPosted(entry.getSeqNumber()).build(), last);
      if (stopped || closed) {
        break;
      }
    }
    return true;
  }

  private void post(LogEntry entry) throws IOException, InterruptedException {
    byte[] body = Posted.body(self.identity(), position.getLogId(), entry);
    int status =
        trackers.post(
            URI.create(position.getUrl()), position.getLogId() + "#" + entry.getSeqNumber(), body);
    if (status < OK_MIN || status > OK_MAX) {
      throw new IOException("status " + status + " (expected: 200 to 299)");
    }
    metrics.posted();
  }

  /** After an entry that ends the transfer there is no other. */
  private boolean isLast(LogEntry entry) {
    Role role = Role.ofLogId(position.getLogId());
    return LogCommand.of(entry.getPayload().getMessage())
        .flatMap(command -> command.after(role))
        .filter(State::ended)
        .isPresent();
  }

  private void write(TrackerPosition next, boolean close) {
    List<LogEntry> entries = List.of(entry(next));
    try {
      store.append(logId, entries, close);
    } catch (OdapException e) {
      if (e.reason() == ErrorReason.ERROR_REASON_LOG_UNAVAILABLE && head.length() > 0) {
        // It may be stored: what the log has is what holds.
        List<LogEntry> stored = store.read(logId, 1);
        position = position(stored);
        head = LogEntries.head(stored);
      }
      throw e;
    }
    position = next;
    head = LogEntries.head(entries);
    closed = close;
  }

  private LogEntry entry(TrackerPosition next) {
    LogFrame frame =
        new LogFrame(
            logId.substring(0, logId.indexOf('/')),
            self.pubkey(),
            "tracker",
            self.pubkey(),
            "tracker",
            self.identity(),
            self.identity(),
            LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
            AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY);
    LogPayload payload =
        LogPayload.newBuilder()
            .setMessage("done-post")
            .setMessageType("tracker")
            .setVotes("none")
            .setStep(1)
            .setOperation(LogOperation.LOG_OPERATION_DONE)
            .setGateways("GS")
            .setContent(Any.pack(next))
            .setRecordedAt(clock.millis())
            .build();
    return LogEntries.seal(frame, head, List.of(new PhasedPayload("p1", payload)), self.signer())
        .getFirst();
  }

  private static TrackerPosition position(List<LogEntry> entries) {
    try {
      return entries.getLast().getPayload().getContent().unpack(TrackerPosition.class);
    } catch (InvalidProtocolBufferException e) {
      throw new OdapException(ErrorReason.ERROR_REASON_LOG_CORRUPT, "tracker's log", e);
    }
  }

  private static boolean isLoss(OdapException e) {
    return switch (e.reason()) {
      case ERROR_REASON_LEASE_LOST,
          ERROR_REASON_EPOCH_STALE,
          ERROR_REASON_LOG_NOT_CONTINUED,
          ERROR_REASON_LOG_CLOSED ->
          true;
      default -> false;
    };
  }

  /** Waits for news. */
  private void await(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!news && left > 0) {
        left = told.awaitNanos(left);
      }
      news = false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for half to all of a pause: many outboxes of one tracker don't come at the same time. */
  private void rest(Duration pause) throws InterruptedException {
    long millis = ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis() + 1);
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      long left = end - System.nanoTime();
      while (left > 0 && !stopped) {
        left = told.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
