package org.odap.log.backup;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.odap.log.store.Generation;
import org.odap.runtime.metrics.ServiceMetrics;

/** What is measured of backups. Prometheus sees dots as underscores and adds unit or _total. */
final class BackupMetrics {
  /** Seconds since the moment of the last complete backup: {@code odap_log_backup_age_seconds}. */
  static final String AGE = "odap.log.backup.age";

  /** Bytes a restore of it would copy: {@code odap_log_backup_size_bytes}. */
  static final String SIZE = "odap.log.backup.size";

  /** Time that backups took: {@code odap_log_backup_duration_seconds}. */
  static final String DURATION = "odap.log.backup.duration";

  /** Backups that failed: {@code odap_log_backup_failures_total}. */
  static final String FAILURES = "odap.log.backup.failures";

  private final Clock clock;
  private final Timer duration;
  private final Counter failures;
  private volatile Optional<Generation> last = Optional.empty();

  BackupMetrics(MeterRegistry registry, Clock clock) {
    this.clock = clock;
    duration = ServiceMetrics.timer(DURATION, "Time that backups took").register(registry);
    failures = Counter.builder(FAILURES).description("Backups that failed").register(registry);
    Gauge.builder(AGE, this, BackupMetrics::ageSeconds)
        .baseUnit("seconds")
        .description("Time since the moment of the last complete backup; NaN when there is none")
        .register(registry);
    Gauge.builder(SIZE, this, metrics -> metrics.last.map(Generation::bytes).orElse(0L))
        .baseUnit("bytes")
        .description("What a restore of the last complete backup would copy")
        .register(registry);
  }

  private double ageSeconds() {
    return last.map(made -> (clock.millis() - made.moment().toEpochMilli()) / 1000.0)
        .orElse(Double.NaN);
  }

  void known(Generation generation) {
    last = Optional.of(generation);
  }

  void made(Generation generation, long nanos) {
    known(generation);
    duration.record(nanos, TimeUnit.NANOSECONDS);
  }

  void failed() {
    failures.increment();
  }
}
