package org.odap.log.archive;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.odap.log.entry.LogId;
import org.odap.log.store.ArchiveFolder;
import org.odap.log.store.Listed;
import org.odap.log.store.Logs;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.lifecycle.Part;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves logs of transfers that ended long ago from the store to archives. What fails is told and
 * tried again; until it succeeds the logs stay where they are. Of several nodes the one that leads
 * does it.
 */
public final class Retention implements Part {
  /** Logs archived: {@code odap_log_archived_logs_total}. */
  static final String ARCHIVED = "odap.log.archived.logs";

  /** Attempts that failed: {@code odap_log_archive_failures_total}. */
  static final String FAILURES = "odap.log.archive.failures";

  /** Logs in one archive: some tens of megabytes. */
  private static final int LOGS_MAX = 1000;

  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  private final RetentionConfig config;
  private final ArchiveFolder folder;
  private final Logs logs;
  private final Clock clock;
  private final Counter archived;
  private final Counter failures;
  private final ScheduledExecutorService clockwork =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("retention").factory());

  /** The store is asked for when it has started. */
  public Retention(
      RetentionConfig config, EntryKeys keys, Logs logs, Clock clock, MeterRegistry registry) {
    this.config = config;
    this.folder = new ArchiveFolder(config.archiveDirectory(), keys);
    this.logs = logs;
    this.clock = clock;
    archived = Counter.builder(ARCHIVED).description("Logs archived").register(registry);
    failures =
        Counter.builder(FAILURES).description("Attempts to archive that failed").register(registry);
  }

  @Override
  public String name() {
    return "retention";
  }

  @Override
  public void start() {
    long pause = config.interval().toMillis();
    ScheduledFuture<?> _ =
        clockwork.scheduleWithFixedDelay(this::archive, pause, pause, TimeUnit.MILLISECONDS);
  }

  private void archive() {
    try {
      boolean more = true;
      while (more && !clockwork.isShutdown()) {
        more = archiveSome();
      }
    } catch (RuntimeException e) {
      failures.increment();
      log.atError()
          .addKeyValue("directory", config.archiveDirectory())
          .setCause(e)
          .log("logs were not archived");
    }
  }

  private boolean archiveSome() {
    if (logs.opened().isEmpty()) {
      return false;
    }
    Instant now = clock.instant();
    List<Listed> ended = logs.store().endedBefore(now.minus(config.keep()), "", LOGS_MAX);
    if (ended.isEmpty()) {
      return false;
    }
    List<LogId> moved = logs.store().archive(folder, now, ended);
    archived.increment(moved.size());
    log.atInfo().addKeyValue("logs", moved.size()).log("logs archived");
    return moved.size() == LOGS_MAX;
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    clockwork.shutdown();
    boolean _ = clockwork.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
  }
}
