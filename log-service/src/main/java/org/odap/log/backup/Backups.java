package org.odap.log.backup;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.odap.log.store.BackupFolder;
import org.odap.log.store.Generation;
import org.odap.log.store.Logs;
import org.odap.log.store.StoreException;
import org.odap.runtime.lifecycle.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes backups of the running store: when the newest is older than the interval, and when an
 * operator asks. One at a time; a failure is told and tried again, and stops nothing else.
 */
public final class Backups implements Part {
  private static final int CHECK_SECONDS = 30;

  private static final Logger log = LoggerFactory.getLogger(Backups.class);

  private final BackupConfig config;
  private final Logs logs;
  private final Clock clock;
  private final BackupMetrics metrics;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("backups").factory());

  /** The store is asked for when it has started. */
  public Backups(BackupConfig config, Logs logs, Clock clock, MeterRegistry registry) {
    this.config = config;
    this.logs = logs;
    this.clock = clock;
    this.metrics = new BackupMetrics(registry, clock);
  }

  @Override
  public String name() {
    return "backups";
  }

  @Override
  public void start() {
    ScheduledFuture<?> _ =
        clockwork.scheduleWithFixedDelay(this::makeIfDue, 0, CHECK_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * The folder may be a share that is away for a while: no reason to stop the service. Of several
   * nodes the one that leads makes backups.
   */
  private void makeIfDue() {
    try {
      if (logs.opened().isEmpty()) {
        return;
      }
      List<Generation> made = list();
      Optional<Generation> newest = made.isEmpty() ? Optional.empty() : Optional.of(made.getLast());
      newest.ifPresent(metrics::known);
      if (newest.isEmpty() || isOld(newest.get())) {
        Generation _ = make();
      }
    } catch (RuntimeException e) {
      log.atError()
          .addKeyValue("directory", config.directory())
          .setCause(e)
          .log("no backup was made");
    }
  }

  private boolean isOld(Generation generation) {
    return !generation.moment().plus(config.interval()).isAfter(clock.instant());
  }

  /** Makes a backup now. */
  public Generation make() {
    return in(folder -> {
      long begun = System.nanoTime();
      Generation made = logs.store().backUp(folder, clock.instant(), config.keep());
      metrics.made(made, System.nanoTime() - begun);
      log.atInfo()
          .addKeyValue("generation", made.number())
          .addKeyValue("bytes", made.bytes())
          .log("backup made");
      return made;
    });
  }

  /** The backups that are complete, the newest last. */
  public List<Generation> list() {
    return in(BackupFolder::generations);
  }

  private synchronized <T> T in(Function<BackupFolder, T> use) {
    try (BackupFolder folder = BackupFolder.open(config.directory())) {
      return use.apply(folder);
    } catch (StoreException e) {
      metrics.failed();
      throw e;
    }
  }

  /** A backup under way is cut off; it does not count then. */
  @Override
  public void stop(Duration limit) throws InterruptedException {
    clockwork.shutdown();
    boolean _ = clockwork.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
