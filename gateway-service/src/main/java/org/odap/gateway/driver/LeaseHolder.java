package org.odap.gateway.driver;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LeaseState;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.WatchLeasesResponse;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This replica's right to write (recovery-01 4.2): its lease, kept alive, and the logs that come
 * with it: at the start those that nobody keeps, later those whose replica has ended or fallen
 * silent. Of several replicas that want the same logs the log service lets one have them.
 *
 * <p>Mutable: the epoch in force; {@code doubtful} while it is not known which logs were given
 * under it; {@code unanswered} while it is not known whether an append opened one. Every append
 * goes under the epoch; when it is lost, all that ran under it stops before a new one is taken.
 */
final class LeaseHolder implements LogAppender {
  /** A log service that was away is asked again; a claim with each heartbeat makes good for it. */
  private static final Duration WATCH_PAUSE = Duration.ofMillis(500);

  private static final Logger log = LoggerFactory.getLogger(LeaseHolder.class);

  private final LeaseKeeper leases;
  private final LogClient logs;
  private final DriverThreads threads;
  private final Driven driven;
  private final WriterNeeds needs;
  private final DriverMetrics metrics;
  private final AtomicBoolean unanswered = new AtomicBoolean();
  private volatile long epoch;
  private boolean doubtful;

  /**
   * What runs under the lease.
   *
   * @param isRunning whether the transfer of a log runs here
   * @param recover takes up the transfer of a log that has become this replica's under an epoch
   * @param stop ends all that runs, where it is
   */
  record Driven(Predicate<String> isRunning, ObjLongConsumer<String> recover, Runnable stop) {}

  LeaseHolder(
      LeaseKeeper leases,
      LogClient logs,
      DriverThreads threads,
      Driven driven,
      WriterNeeds needs,
      DriverMetrics metrics) {
    this.leases = leases;
    this.logs = logs;
    this.threads = threads;
    this.driven = driven;
    this.needs = needs;
    this.metrics = metrics;
  }

  /** The epoch in force; 0 before the first lease. */
  long epoch() {
    return epoch;
  }

  Duration heartbeatPause() {
    return leases.heartbeat();
  }

  /** Takes a lease and every open log that is free, and goes on with those transfers. */
  synchronized void takeOver() {
    epoch = leases.acquire();
    doubtful = false;
    needs.log().met();
    needs.lease().met();
    metrics.leaseChanged("taken");
    log.atInfo().addKeyValue("epoch", epoch).log("lease taken");
    claimFree();
  }

  /** From now on keeps the lease alive, and takes over from replicas that don't keep theirs. */
  void keep() {
    threads.every(leases.heartbeat(), this::heartbeat);
    threads.now(this::watch);
  }

  /** Takes over from nobody any more. */
  void endWatch() {
    leases.endWatch();
  }

  void release() {
    try {
      leases.release(epoch);
    } catch (OdapException e) {
      log.atWarn()
          .addKeyValue("cause", e.description())
          .log("lease not given back; it ends by itself");
    }
  }

  @Override
  public void append(String logId, List<LogEntry> entries, boolean close) {
    try {
      metrics.logAppend(() -> logs.append(logId, epoch, entries, close));
    } catch (OdapException e) {
      if (isLoss(e)) {
        // Of this one log or of all: the heartbeat's answer tells.
        threads.now(this::heartbeat);
      } else if (entries.getFirst().getSeqNumber() == 1) {
        // The log may have been opened now or by an earlier attempt, and nobody runs it.
        unanswered.set(true);
      }
      throw e;
    }
  }

  @Override
  public List<LogEntry> read(String logId, int fromIndex) {
    return logs.read(logId, fromIndex);
  }

  private void watch() {
    try {
      leases.watch(event -> {
        if (leavesLogs(event)) {
          threads.now(this::tryClaim);
        }
      });
    } catch (OdapException e) {
      log.atDebug().addKeyValue("cause", e.description()).log("watch of leases broke");
    }
    threads.later(WATCH_PAUSE, this::watch);
  }

  private boolean leavesLogs(WatchLeasesResponse event) {
    return event.getState() != LeaseState.LEASE_STATE_ALIVE
        && event.getOpenLogs() > 0
        && event.getEpoch() != epoch;
  }

  private void heartbeat() {
    long kept = epoch;
    try {
      leases.renew(kept);
      needs.log().met();
    } catch (OdapException e) {
      if (isLoss(e)) {
        lost(kept);
      } else {
        needs.log().unmet(e.description());
        log.atWarn().addKeyValue("cause", e.description()).log("heartbeat failed");
      }
      return;
    }
    tryClaim();
  }

  private void tryClaim() {
    try {
      claimFree();
    } catch (OdapException e) {
      log.atWarn().addKeyValue("cause", e.description()).log("logs not claimed, trying again");
    }
  }

  /** Claims what is free. When an answer is lost, the log service is asked what it gave. */
  private synchronized void claimFree() {
    Set<String> ours = new LinkedHashSet<>();
    try {
      doubtful |= unanswered.getAndSet(false);
      if (doubtful) {
        logs.open(epoch).stream().filter(driven.isRunning().negate()).forEach(ours::add);
      }
      doubtful = true;
      List<String> batch;
      do {
        batch = leases.claim(epoch);
        ours.addAll(batch);
      } while (!batch.isEmpty());
      doubtful = false;
    } finally {
      long under = epoch;
      ours.forEach(logId -> threads.now(() -> driven.recover().accept(logId, under)));
      if (!ours.isEmpty()) {
        log.atInfo()
            .addKeyValue("epoch", under)
            .addKeyValue("transfers", ours.size())
            .log("transfers taken over");
      }
    }
  }

  /**
   * Stops everything that ran under the lost epoch; what is still ours is taken up again under a
   * new one.
   */
  private synchronized void lost(long lost) {
    if (lost != epoch) {
      return;
    }
    metrics.leaseChanged("lost");
    log.atError().addKeyValue("epoch", lost).log("lease lost");
    needs.lease().unmet("another replica may have taken over");
    driven.stop().run();
    try {
      takeOver();
    } catch (OdapException e) {
      log.atError()
          .addKeyValue("cause", e.description())
          .log("no new lease; trying again at the next heartbeat");
    }
  }

  /** Whether the right to write is gone: of one log or of all. */
  static boolean isLoss(OdapException e) {
    return e.reason() == ErrorReason.ERROR_REASON_LEASE_LOST
        || e.reason() == ErrorReason.ERROR_REASON_EPOCH_STALE;
  }
}
