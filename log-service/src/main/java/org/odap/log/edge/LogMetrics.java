package org.odap.log.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.odap.api.common.v1.ErrorReason;
import org.odap.log.entry.Outcome;
import org.odap.log.store.CommitListener;
import org.odap.log.store.LogStore;
import org.odap.runtime.metrics.ServiceMetrics;
import org.odap.runtime.rpc.OdapErrors;

/** What the log service counts. Prometheus sees dots as underscores and adds unit or _total. */
public final class LogMetrics implements CommitListener {
  /** Time to make a group of changes durable: {@code odap_log_commit_seconds}. */
  public static final String COMMIT = "odap.log.commit";

  /** Time from a request to append to its answer: {@code odap_log_append_seconds}. */
  public static final String APPEND = "odap.log.append";

  /** Free space of the disk that holds the data: {@code odap_log_disk_free_bytes}. */
  public static final String DISK_FREE = "odap.log.disk.free";

  /** All space of that disk: {@code odap_log_disk_size_bytes}. */
  public static final String DISK_SIZE = "odap.log.disk.size";

  /** Requests that shared one sync: {@code odap_log_commit_changes}. */
  public static final String COMMIT_CHANGES = "odap.log.commit.changes";

  /** Entries made durable: {@code odap_log_entries_total}. */
  public static final String ENTRIES = "odap.log.entries";

  /** Appends refused, by reason: {@code odap_log_refusals_total}. */
  public static final String REFUSALS = "odap.log.refusals";

  /** Calls refused by a log's access-control profile: {@code odap_log_access_denied_total}. */
  public static final String ACCESS_DENIED = "odap.log.access.denied";

  /** Logs not closed: {@code odap_log_open_logs}. */
  public static final String OPEN_LOGS = "odap.log.open.logs";

  /** Leases alive: {@code odap_log_leases}. */
  public static final String LEASES = "odap.log.leases";

  private final MeterRegistry registry;
  private final Timer append;
  private final Timer commit;
  private final DistributionSummary changes;
  private final Counter entries;
  private final Counter accessDenied;
  private final Map<ErrorReason, Counter> refusals = new ConcurrentHashMap<>();

  public LogMetrics(MeterRegistry registry) {
    this.registry = registry;
    append =
        ServiceMetrics.timer(APPEND, "Time from a request to append to its answer")
            .register(registry);
    commit =
        ServiceMetrics.timer(COMMIT, "Time to make a group of changes durable").register(registry);
    changes =
        DistributionSummary.builder(COMMIT_CHANGES)
            .description("Requests that shared one sync")
            .register(registry);
    entries = Counter.builder(ENTRIES).description("Entries made durable").register(registry);
    accessDenied =
        Counter.builder(ACCESS_DENIED)
            .description("Calls refused by a log's access-control profile")
            .register(registry);
  }

  /** Watches the store that is open; a node that does not lead its log has none. */
  public void watch(Supplier<Optional<LogStore>> store) {
    gauge(OPEN_LOGS, "Logs not closed", store, LogStore::openLogCount);
    gauge(LEASES, "Leases alive", store, LogStore::leaseCount);
  }

  private void gauge(
      String name,
      String description,
      Supplier<Optional<LogStore>> store,
      ToDoubleFunction<LogStore> value) {
    Gauge.builder(name, () -> store.get().map(value::applyAsDouble).orElse(Double.NaN))
        .description(description)
        .register(registry);
  }

  /** Watches the disk that holds a directory. */
  public void watch(Path directory) {
    disk(
        DISK_FREE,
        "Free space of the disk that holds the data",
        directory.toFile()::getUsableSpace);
    disk(DISK_SIZE, "All space of the disk that holds the data", directory.toFile()::getTotalSpace);
  }

  private void disk(String name, String description, Supplier<Number> bytes) {
    Gauge.builder(name, bytes).description(description).baseUnit("bytes").register(registry);
  }

  void appended(long nanos) {
    append.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void committed(int changeCount, int entryCount, long nanos) {
    commit.record(nanos, TimeUnit.NANOSECONDS);
    changes.record(changeCount);
    entries.increment(entryCount);
  }

  void accessDenied() {
    accessDenied.increment();
  }

  <T> Outcome<T> counted(Outcome<T> outcome) {
    if (outcome instanceof Outcome.Refused<T> refused) {
      refused(refused.reason());
    }
    return outcome;
  }

  private void refused(ErrorReason reason) {
    refusals
        .computeIfAbsent(
            reason,
            r ->
                Counter.builder(REFUSALS)
                    .description("Appends refused")
                    .tag("reason", OdapErrors.name(r))
                    .register(registry))
        .increment();
  }
}
