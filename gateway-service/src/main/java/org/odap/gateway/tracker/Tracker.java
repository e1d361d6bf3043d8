package org.odap.gateway.tracker;

import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.odap.api.client.v1.GivenUpTracker;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.TrackerPosition;
import org.odap.core.session.Role;
import org.odap.core.transfer.Transfer;
import org.odap.gateway.application.Tracking;
import org.odap.gateway.driver.Admission;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.OwnLog;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outboxes of this replica's tracked transfers (ODAP 5.8). A transfer's outbox is durable
 * before the transfer's first entry is, so no crash loses a step; the transfer itself never waits
 * for its tracker.
 *
 * <p>Mutable: the outboxes that run, by the id of their logs.
 */
public final class Tracker implements Admission, Part {
  private static final Logger log = LoggerFactory.getLogger(Tracker.class);

  private final Admission admission;
  private final GatewaySelf self;
  private final PositionLog.Store store;
  private final Outbox.Parts parts;
  private final Map<String, Outbox> running = new ConcurrentHashMap<>();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tracker-", 0).factory());

  /**
   * No outbox yet.
   *
   * @param admission who may begin
   * @param epoch the one this replica writes under
   * @param postingAgainAt when a transfer's tracker was last ordered to be posted to again, UNIX
   *     milliseconds; 0 = never
   */
  public Tracker(
      Admission admission,
      GatewaySelf self,
      LogClient logs,
      LongSupplier epoch,
      Trackers trackers,
      ToLongFunction<String> postingAgainAt,
      TrackerMetrics metrics,
      Clock clock) {
    this.admission = admission;
    this.self = self;
    this.store =
        new PositionLog.Store() {
          @Override
          public void append(String logId, List<LogEntry> entries, boolean close) {
            logs.append(logId, epoch.getAsLong(), entries, close);
          }

          @Override
          public List<LogEntry> read(String logId, int fromIndex) {
            return logs.read(logId, fromIndex);
          }
        };
    this.parts = new Outbox.Parts(self.identity(), trackers, postingAgainAt, metrics, clock);
    metrics.watch(running::size, this::backlog, () -> givenUp().size());
  }

  @Override
  public String name() {
    return "trackers";
  }

  @Override
  public void start() {
    // Outboxes run from when their transfers begin or are claimed.
  }

  @Override
  public void stop(Duration limit) {
    running.values().forEach(Outbox::stop);
    threads.shutdownNow();
  }

  @Override
  public Optional<Bar> admit(Candidate candidate, long now) {
    Optional<Bar> bar = admission.admit(candidate, now);
    if (bar.isEmpty()) {
      Tracking.of(candidate.terms()).ifPresent(tracking -> open(candidate.logId(), tracking));
    }
    return bar;
  }

  @Override
  public void changed(Transfer transfer) {
    admission.changed(transfer);
    Optional.ofNullable(running.get(PositionLog.id(self, transfer.logId())))
        .ifPresent(Outbox::wake);
  }

  @Override
  public void forget(String logId) {
    admission.forget(logId);
  }

  /** Goes on with an outbox whose log has become this replica's. Any other log needs nothing. */
  public void claimed(String logId) {
    if (!PositionLog.isLog(logId) || running.containsKey(logId)) {
      return;
    }
    PositionLog.claimed(self, store, parts.clock(), logId)
        .ifPresent(progress -> run(new Outbox(parts, progress)));
  }

  /** The trackers this replica has given up, the first given up first. */
  public List<GivenUpTracker> givenUp() {
    return running.values().stream()
        .filter(Outbox::isGivenUp)
        .map(outbox -> givenUp(outbox.position()))
        .sorted(Comparator.comparingLong(GivenUpTracker::getGivenUpAt))
        .toList();
  }

  private static GivenUpTracker givenUp(TrackerPosition position) {
    return GivenUpTracker.newBuilder()
        .setTransferId(Role.sessionId(position.getLogId()))
        .setRole(Role.ofLogId(position.getLogId()).word())
        // The rest of the URL may hold a key.
        .setTracker(Trackers.origin(position.getUrl()).orElse(""))
        .setPosted(position.getPosted())
        .setStatus(position.getRefusalStatus())
        .setGivenUpAt(position.getGivenUpAt())
        .build();
  }

  private void open(String transferLogId, Tracking tracking) {
    TrackerPosition start =
        TrackerPosition.newBuilder()
            .setLogId(transferLogId)
            .setUrl(tracking.url().toString())
            .setAlways(tracking.always())
            .build();
    try {
      run(new Outbox(parts, PositionLog.begin(self, store, parts.clock(), start)));
    } catch (OdapException e) {
      // One that exists is run by who has claimed it.
      if (!OwnLog.isTaken(e)) {
        throw e;
      }
    }
  }

  private void run(Outbox outbox) {
    if (running.putIfAbsent(outbox.logId(), outbox) != null) {
      return;
    }
    threads.execute(() -> {
      try {
        outbox.run();
      } catch (RuntimeException e) {
        log.atError().addKeyValue("log", outbox.logId()).setCause(e).log("outbox stopped");
      } finally {
        running.remove(outbox.logId(), outbox);
      }
    });
  }

  private int backlog() {
    return running.values().stream().mapToInt(Outbox::backlog).sum();
  }
}
