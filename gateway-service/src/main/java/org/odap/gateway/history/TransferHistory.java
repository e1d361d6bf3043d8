package org.odap.gateway.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.odap.api.log.v1.ListLogsResponse;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.log.LogFrame;
import org.odap.core.session.Role;
import org.odap.core.transfer.CorruptLogException;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All transfers that the gateway's logs hold, whichever replica ran them: what is needed to list
 * and to count them, some 0.5 KB each. Those whose logs went to an archive are left out. Read once
 * from the logs after a start; from then on this replica's transfers are noted as they change, and
 * those of others are looked for every few seconds.
 *
 * <p>Mutable: the transfers, by log and by place, always the same in both; guarded by this object's
 * monitor when written.
 */
public final class TransferHistory implements Part {
  private static final Duration PAUSE_MIN = Duration.ofSeconds(2);

  /** Looking takes a twentieth of the time at most, however many logs there are. */
  private static final int PAUSE_FACTOR = 20;

  private static final int READS_MAX = 16;

  private static final Logger log = LoggerFactory.getLogger(TransferHistory.class);

  private final LogClient logs;
  private final Map<String, Known> byLog = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, Known> byPlace = new ConcurrentSkipListMap<>();
  private final Map<String, Known> running = new ConcurrentHashMap<>();
  private final Map<String, Boolean> unreadable = new ConcurrentHashMap<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore reads = new Semaphore(READS_MAX);
  private volatile boolean complete;

  /** Nothing is read yet. */
  public TransferHistory(LogClient logs) {
    this.logs = logs;
  }

  @Override
  public String name() {
    return "transfer history";
  }

  @Override
  public void start() {
    threads.execute(this::keepReading);
  }

  @Override
  public void stop(Duration limit) {
    stopping.countDown();
    threads.shutdownNow();
  }

  /** Whether all logs have been read since the start. */
  public boolean complete() {
    return complete;
  }

  /** Waits until all logs have been read; gives whether they have. */
  public boolean awaitComplete(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    while (!complete && System.nanoTime() < end && !stopping.await(5, TimeUnit.MILLISECONDS)) {
      // Looked at again.
    }
    return complete;
  }

  /** The transfer of a log. */
  public Optional<Known> find(String logId) {
    return Optional.ofNullable(byLog.get(logId));
  }

  /** Those before a place, newest first; from the newest on when the place is empty. */
  public Stream<Known> newestFirst(String before) {
    return (before.isEmpty() ? byPlace : byPlace.headMap(before, false))
        .descendingMap().values().stream();
  }

  /** Those that began at an instant, UNIX milliseconds, or later. */
  public Stream<Known> since(long instant) {
    return byPlace.tailMap("%015d".formatted(Math.max(0, instant)), true).values().stream();
  }

  /** Those that have not ended. */
  public Stream<Known> running() {
    return running.values().stream();
  }

  /** Number of those that have not ended. */
  public int runningCount() {
    return running.size();
  }

  /** Notes how a transfer of this replica stands. */
  public void changed(Transfer transfer) {
    if (transfer.head().length() > 0) {
      keep(Known.of(transfer));
    }
  }

  /** Keeps a transfer. */
  public synchronized void keep(Known now) {
    Optional.ofNullable(byLog.put(now.logId(), now))
        .filter(before -> before.startedAt() != now.startedAt())
        .ifPresent(before -> byPlace.remove(before.place()));
    byPlace.put(now.place(), now);
    if (now.state().ended()) {
      running.remove(now.logId());
    } else {
      running.put(now.logId(), now);
    }
  }

  /** Forgets a transfer that has not begun. */
  public synchronized void forget(String logId) {
    Optional.ofNullable(byLog.get(logId))
        .filter(known -> known.state().name().equals("UNOPENED"))
        .ifPresent(known -> {
          byLog.remove(logId);
          byPlace.remove(known.place());
          running.remove(logId);
        });
  }

  private void keepReading() {
    try {
      Duration pause;
      do {
        long begun = System.nanoTime();
        look();
        long taken = System.nanoTime() - begun;
        pause = Duration.ofNanos(Math.max(PAUSE_MIN.toNanos(), PAUSE_FACTOR * taken));
      } while (!stopping.await(complete ? pause.toMillis() : 200, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      List<String> wanted = new ArrayList<>();
      logs.list(listed -> {
        if (isNews(listed)) {
          wanted.add(listed.getLogId());
        }
      });
      CountDownLatch done = new CountDownLatch(wanted.size());
      List<OdapException> failures = new ArrayList<>();
      for (String logId : wanted) {
        reads.acquire();
        threads.execute(() -> {
          try {
            read(logId);
          } catch (OdapException e) {
            synchronized (failures) {
              failures.add(e);
            }
          } finally {
            reads.release();
            done.countDown();
          }
        });
      }
      done.await();
      if (!failures.isEmpty()) {
        throw failures.getFirst();
      }
      if (!complete) {
        log.atInfo().addKeyValue("transfers", byLog.size()).log("transfers in the logs counted");
        complete = true;
      }
    } catch (OdapException e) {
      log.atWarn().addKeyValue("cause", e.description()).log("logs not looked through");
    }
  }

  private boolean isNews(ListLogsResponse listed) {
    String logId = listed.getLogId();
    if (!Role.isLog(logId) || listed.getArchived() || unreadable.containsKey(logId)) {
      return false;
    }
    Known known = byLog.get(logId);
    return known == null || (listed.getClosed() && !known.state().ended());
  }

  private void read(String logId) {
    List<LogEntry> entries = logs.read(logId, 1);
    if (entries.isEmpty()) {
      return;
    }
    try {
      Transfer transfer = Transfer.unopened(Role.ofLogId(logId), LogFrame.of(entries.getFirst()));
      for (LogEntry entry : entries) {
        transfer = TransferMachine.apply(transfer, entry);
      }
      keepOlder(Known.of(transfer));
    } catch (CorruptLogException e) {
      unreadable.put(logId, true);
      log.atError().addKeyValue("log", logId).setCause(e).log("log can't be read, not counted");
    }
  }

  /** What this replica noted itself meanwhile is newer than what was read. */
  private synchronized void keepOlder(Known read) {
    Known known = byLog.get(read.logId());
    if (known == null || read.state().ended()) {
      keep(read);
    }
  }
}
