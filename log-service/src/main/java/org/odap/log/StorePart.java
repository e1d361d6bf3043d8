package org.odap.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.odap.log.edge.LogMetrics;
import org.odap.log.store.CommitListener;
import org.odap.log.store.DamagedStoreException;
import org.odap.log.store.LogStore;
import org.odap.log.store.Logs;
import org.odap.log.store.Salvage;
import org.odap.log.store.WriteProbe;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store as a part of the service: open, and watched, from start to stop. */
final class StorePart implements Part, Logs {
  private static final int WRITE_CHECK_MILLIS = 2_000;

  private static final Logger log = LoggerFactory.getLogger(StorePart.class);

  private final Path directory;
  private final EntryKeys keys;
  private final boolean salvage;
  private final LogMetrics metrics;
  private final ServiceHealth health;
  private final ServiceHealth.Condition writes;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("store-clockwork").factory());
  private volatile Optional<LogStore> store = Optional.empty();

  StorePart(
      Path directory, EntryKeys keys, boolean salvage, LogMetrics metrics, ServiceHealth health) {
    this.directory = directory;
    this.keys = keys;
    this.salvage = salvage;
    this.metrics = metrics;
    this.health = health;
    this.writes = health.condition("writes");
  }

  @Override
  public String name() {
    return "store";
  }

  @Override
  public LogStore store() {
    return store.orElseThrow(() -> new IllegalStateException("used before its start"));
  }

  @Override
  public Optional<LogStore> opened() {
    return store;
  }

  @Override
  public void start() throws DamagedStoreException {
    LogStore opened = open();
    store = Optional.of(opened);
    writes.met();
    repeat(opened::endExpiredLeases, LogStore.EXPIRY_CHECK_MILLIS);
    repeat(() -> askForRestart(opened), WRITE_CHECK_MILLIS);
  }

  private void repeat(Runnable task, int pauseMillis) {
    ScheduledFuture<?> _ =
        clockwork.scheduleWithFixedDelay(task, pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
  }

  /**
   * After a failed write only a restart, which verifies what is on disk, makes the store writable.
   * While the disk takes no writes a restart would fail and end the reads, too.
   */
  private void askForRestart(LogStore opened) {
    opened
        .unwritable()
        .filter(why -> WriteProbe.refusal(directory).isEmpty())
        .ifPresent(why -> health.dead("the disk takes writes again, a restart is due: " + why));
  }

  private LogStore open() throws DamagedStoreException {
    try {
      return LogStore.open(directory, keys, System::nanoTime, new Watch());
    } catch (DamagedStoreException e) {
      e.damages()
          .forEach(damage ->
              log.atError()
                  .addKeyValue("place", damage.place())
                  .addKeyValue("index", damage.index())
                  .addKeyValue("what", damage.what())
                  .log("stored data is damaged"));
      if (!salvage) {
        throw e;
      }
      Salvage.Report report = Salvage.run(directory, keys, e.damages());
      report
          .quarantined()
          .forEach(name -> log.atWarn().addKeyValue("log", name).log("log put in quarantine"));
      log.atWarn().addKeyValue("kept", report.kept()).log("damaged store salvaged");
      return LogStore.open(directory, keys, System::nanoTime, new Watch());
    }
  }

  @Override
  public void stop(Duration limit) {
    clockwork.close();
    store.ifPresent(LogStore::close);
  }

  /** Counts, and says when the service is not ready any more: it reads, but can't write. */
  private final class Watch implements CommitListener {
    @Override
    public void committed(int changes, int entries, long nanos) {
      metrics.committed(changes, entries, nanos);
    }

    @Override
    public void unwritable(String why) {
      writes.unmet(why);
    }
  }
}
