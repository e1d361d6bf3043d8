package org.odap.gateway.driver;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This replica's right to write (recovery-01 4.2): its lease, kept alive, and the logs that come
 * with it.
 *
 * <p>Mutable: the epoch in force. Every append goes under it; when it is lost, all that ran under
 * it stops before a new one is taken.
 */
final class LeaseHolder implements LogAppender {
  private static final Logger log = LoggerFactory.getLogger(LeaseHolder.class);

  private final LeaseKeeper leases;
  private final LogClient logs;
  private final DriverThreads threads;
  private final Consumer<String> recover;
  private final Runnable onLost;
  private volatile long epoch;

  /**
   * A holder without a lease.
   *
   * @param recover takes up the transfer of a log that has become this replica's
   * @param onLost stops what ran under the lease that was lost
   */
  LeaseHolder(
      LeaseKeeper leases,
      LogClient logs,
      DriverThreads threads,
      Consumer<String> recover,
      Runnable onLost) {
    this.leases = leases;
    this.logs = logs;
    this.threads = threads;
    this.recover = recover;
    this.onLost = onLost;
  }

  /** The epoch in force; 0 before the first lease. */
  long epoch() {
    return epoch;
  }

  Duration heartbeatPause() {
    return leases.heartbeat();
  }

  /** Takes a lease and every open log that is free, and goes on with those transfers. */
  void takeOver() {
    epoch = leases.acquire();
    Set<String> claimed = new HashSet<>();
    for (List<String> batch = leases.claim(epoch); !batch.isEmpty(); batch = leases.claim(epoch)) {
      claimed.addAll(batch);
    }
    for (String logId : claimed) {
      threads.now(() -> recover.accept(logId));
    }
    log.atInfo()
        .addKeyValue("epoch", epoch)
        .addKeyValue("transfers", claimed.size())
        .log("lease taken");
  }

  /** Keeps the lease alive from now on. */
  void keep() {
    threads.every(leases.heartbeat(), this::heartbeat);
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
      logs.append(logId, epoch, entries, close);
    } catch (OdapException e) {
      if (isLoss(e)) {
        // Of this one log or of all: the heartbeat's answer tells.
        threads.now(this::heartbeat);
      }
      throw e;
    }
  }

  @Override
  public List<LogEntry> read(String logId) {
    return logs.read(logId, 1);
  }

  private void heartbeat() {
    long kept = epoch;
    try {
      leases.renew(kept);
    } catch (OdapException e) {
      if (isLoss(e)) {
        lost(kept);
      } else {
        log.atWarn().addKeyValue("cause", e.description()).log("heartbeat failed");
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
    log.atError().addKeyValue("epoch", lost).log("lease lost");
    onLost.run();
    try {
      takeOver();
    } catch (OdapException e) {
      log.atError()
          .addKeyValue("cause", e.description())
          .log("no new lease; trying again at the next heartbeat");
    }
  }

  private static boolean isLoss(OdapException e) {
    return e.reason() == ErrorReason.ERROR_REASON_LEASE_LOST
        || e.reason() == ErrorReason.ERROR_REASON_EPOCH_STALE;
  }
}
