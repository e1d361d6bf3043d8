package org.odap.log;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.odap.log.edge.LogMetrics;
import org.odap.log.encryption.EntryKeys;
import org.odap.log.store.CommitListener;
import org.odap.log.store.DamagedStoreException;
import org.odap.log.store.LogStore;
import org.odap.log.store.Salvage;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store as a part of the service: open, and watched, from start to stop. */
final class StorePart implements Part {
  /** A takeover waits for the end of the lease, and then so long at most. */
  private static final int EXPIRY_CHECK_MILLIS = 100;

  private static final Logger log = LoggerFactory.getLogger(StorePart.class);

  private final Path directory;
  private final EntryKeys keys;
  private final boolean salvage;
  private final LogMetrics metrics;
  private final ServiceHealth health;
  private Optional<ScheduledExecutorService> expiry = Optional.empty();
  private volatile Optional<LogStore> store = Optional.empty();

  StorePart(
      Path directory, EntryKeys keys, boolean salvage, LogMetrics metrics, ServiceHealth health) {
    this.directory = directory;
    this.keys = keys;
    this.salvage = salvage;
    this.metrics = metrics;
    this.health = health;
  }

  @Override
  public String name() {
    return "store";
  }

  LogStore store() {
    return store.orElseThrow(() -> new IllegalStateException("used before its start"));
  }

  @Override
  public void start() throws DamagedStoreException {
    LogStore opened = open();
    store = Optional.of(opened);
    metrics.watch(opened);
    expiry =
        Optional.of(
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("lease-expiry").factory()));
    ScheduledFuture<?> _ =
        expiry
            .get()
            .scheduleWithFixedDelay(
                opened::endExpiredLeases,
                EXPIRY_CHECK_MILLIS,
                EXPIRY_CHECK_MILLIS,
                TimeUnit.MILLISECONDS);
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
    expiry.ifPresent(ScheduledExecutorService::close);
    store.ifPresent(LogStore::close);
  }

  /** Counts, and has the process restarted when it can't write any more. */
  private final class Watch implements CommitListener {
    @Override
    public void committed(int changes, int entries, long nanos) {
      metrics.committed(changes, entries, nanos);
    }

    @Override
    public void unwritable(String why) {
      health.dead(why);
    }
  }
}
