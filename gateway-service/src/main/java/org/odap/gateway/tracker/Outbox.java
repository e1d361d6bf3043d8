package org.odap.gateway.tracker;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToLongFunction;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.TrackerPosition;
import org.odap.core.session.Role;
import org.odap.core.transfer.LogCommand;
import org.odap.core.transfer.State;
import org.odap.gateway.driver.OwnLog;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts one transfer's log to its tracker, in order, each entry at least once: twice only when this
 * replica ends between the tracker's answer and the position that says so. A tracker that can't
 * take an entry is asked for ever; one that refuses it is given up after a while, until an operator
 * orders to post to it again.
 *
 * <p>Mutable: what it is told by others, guarded by the lock; the rest is the running thread's.
 */
final class Outbox implements Runnable {
  private static final Duration RETRY_FIRST = Duration.ofMillis(200);
  private static final Duration RETRY_MAX = Duration.ofMinutes(1);

  /** Without news it looks by itself: another replica may have gone on with the transfer. */
  private static final Duration LOOK = Duration.ofSeconds(5);

  /** As often as operators' orders are read. */
  private static final Duration LOOK_FOR_ORDER = Duration.ofSeconds(1);

  /** An order that has not begun by then did not begin at all. */
  private static final Duration UNOPENED_MAX = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(Outbox.class);

  private final Parts parts;
  private final PositionLog progress;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  private boolean news;
  private volatile boolean stopped;
  private volatile int backlog;

  /**
   * What an outbox works with.
   *
   * @param gateway identity of this gateway
   * @param postingAgainAt when a transfer's tracker was last ordered to be posted to again, UNIX
   *     milliseconds; 0 = never
   */
  record Parts(
      String gateway,
      Trackers trackers,
      ToLongFunction<String> postingAgainAt,
      TrackerMetrics metrics,
      Clock clock) {}

  Outbox(Parts parts, PositionLog progress) {
    this.parts = parts;
    this.progress = progress;
  }

  /** Id of the log that says how far it has come. */
  String logId() {
    return progress.id();
  }

  /** How far it has come. */
  TrackerPosition position() {
    return progress.position();
  }

  /** Whether its tracker is not posted to any more. */
  boolean isGivenUp() {
    return progress.position().getGivenUpAt() != 0;
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
    long since = parts.clock().millis();
    Duration pause = RETRY_FIRST;
    try {
      while (!stopped && !progress.isClosed()) {
        try {
          boolean posted = isGivenUp() ? goOnIfOrdered() : postNext(since);
          pause = posted ? RETRY_FIRST : pause;
          if (!posted && !progress.isClosed()) {
            await(isGivenUp() ? LOOK_FOR_ORDER : LOOK);
          }
        } catch (IOException | OdapException e) {
          if (e instanceof OdapException refused && isLoss(refused)) {
            log.atInfo().addKeyValue("log", logId()).log("outbox is another replica's by now");
            return;
          }
          parts.metrics().failed();
          tell("tracker not reached, trying again", e.getMessage());
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
    List<LogEntry> entries = progress.unposted();
    backlog = entries.size();
    if (entries.isEmpty()) {
      boolean neverBegan =
          position().getPosted() == 0 && parts.clock().millis() - since > UNOPENED_MAX.toMillis();
      if (neverBegan) {
        progress.write(position(), true);
      }
      return false;
    }
    for (LogEntry entry : entries) {
      boolean last = isLast(entry);
      boolean wanted = position().getAlways() || entry.getSeqNumber() == 1 || last;
      if (wanted && !post(entry)) {
        return false;
      }
      backlog = entries.getLast().getSeqNumber() - entry.getSeqNumber();
      // Behind the last one posted there may be a repeat after a crash, never a gap.
      progress.write(asked().setPosted(entry.getSeqNumber()).build(), last);
      if (stopped || last) {
        break;
      }
    }
    return true;
  }

  /** Gives whether the tracker has it; without it this tracker is given up. */
  private boolean post(LogEntry entry) throws IOException, InterruptedException {
    String transferLog = position().getLogId();
    byte[] body = Posted.body(parts.gateway(), transferLog, entry);
    URI url = URI.create(position().getUrl());
    int status = parts.trackers().post(url, transferLog + "#" + entry.getSeqNumber(), body);
    switch (Answer.of(status)) {
      case TAKEN -> {
        parts.metrics().posted();
        return true;
      }
      case LATER -> throw new IOException("status " + status + " (expected: 200 to 299)");
      case REFUSED -> {
        if (!isRefusedFor(parts.trackers().patience(url), status)) {
          throw new IOException("refused with status " + status);
        }
      }
      case GONE -> {
        // Nothing to wait for.
      }
    }
    giveUp(status);
    return false;
  }

  /** The first refusal is written down: a restart does not begin to count anew. */
  private boolean isRefusedFor(Duration patience, int status) {
    long now = parts.clock().millis();
    if (position().getRefusedSince() == 0) {
      progress.write(
          position().toBuilder().setRefusedSince(now).setRefusalStatus(status).build(), false);
    }
    return now - position().getRefusedSince() >= patience.toMillis();
  }

  private void giveUp(int status) {
    TrackerPosition.Builder end =
        position().toBuilder().setRefusalStatus(status).setGivenUpAt(parts.clock().millis());
    progress.write(end.build(), false);
    tell("tracker given up, until an operator orders to post again", "status " + status);
  }

  /** Gives whether it was ordered after the tracker was given up. */
  private boolean goOnIfOrdered() {
    String transferId = Role.sessionId(position().getLogId());
    if (parts.postingAgainAt().applyAsLong(transferId) <= position().getGivenUpAt()) {
      return false;
    }
    progress.write(asked().build(), false);
    tell("tracker posted to again", "an operator's order");
    return true;
  }

  /** The position of a tracker that has refused nothing. */
  private TrackerPosition.Builder asked() {
    return position().toBuilder().clearRefusedSince().clearRefusalStatus().clearGivenUpAt();
  }

  private void tell(String what, String cause) {
    log.atWarn()
        .addKeyValue("log", position().getLogId())
        .addKeyValue("posted", position().getPosted())
        .addKeyValue("cause", cause)
        .log(what);
  }

  /** After an entry that ends the transfer there is no other. */
  private boolean isLast(LogEntry entry) {
    Role role = Role.ofLogId(position().getLogId());
    return LogCommand.of(entry.getPayload().getMessage())
        .flatMap(command -> command.after(role))
        .filter(State::ended)
        .isPresent();
  }

  private static boolean isLoss(OdapException e) {
    return OwnLog.isTaken(e) || e.reason() == ErrorReason.ERROR_REASON_LEASE_LOST;
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
