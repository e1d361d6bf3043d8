package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_CORRUPT;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_ENTRY_UNKNOWN;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_UNAVAILABLE;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_UNKNOWN;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.odap.api.common.v1.ErrorReason;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.log.lease.Lease;
import org.odap.log.lease.LeaseTable;
import org.odap.log.lease.LeaseWatcher;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.identity.Identity;
import org.rocksdb.RocksDBException;

/**
 * The logs of a gateway side (recovery-01 3, 4.5): append-only, each continued by the one writer
 * that owns it. Changes are judged and made durable by the {@link Committer}; reads see what was
 * answered and run beside it. The heads of open logs are kept in memory, those of closed ones on
 * disk alone: {@code openLogs = the stored heads that are not closed}.
 */
public final class LogStore implements AutoCloseable {
  /** More would keep the callers behind it waiting. */
  public static final int APPEND_MAX = 64;

  /** As the schema says of updateLog. */
  public static final int UPDATE_MAX = 256;

  /**
   * How often expired leases are to be ended: a takeover waits for the end of the lease, and then
   * so long at most.
   */
  public static final int EXPIRY_CHECK_MILLIS = 100;

  private static final int CLAIM_DEFAULT = 1000;

  private static final int ENDED_PAGE = 1000;

  /** Deletions that others wait behind. */
  private static final int REMOVED_TOGETHER = 50;

  private final StoreFiles files;
  private final Database database;
  private final Durability durability;
  private final LeaseTable leases;
  private final ConcurrentNavigableMap<LogId, LogHead> openLogs = new ConcurrentSkipListMap<>();
  private final List<LeaseWatcher> watchers = new CopyOnWriteArrayList<>();
  private final Committer committer;

  /**
   * Opens or creates a store, and verifies all of it.
   *
   * @param keys for entries at rest
   * @param nanoTime a clock like {@link System#nanoTime}, by which leases end
   */
  public static LogStore open(
      Path directory, EntryKeys keys, LongSupplier nanoTime, CommitListener listener)
      throws DamagedStoreException {
    return open(directory, keys, nanoTime, listener, UnaryOperator.identity());
  }

  static LogStore open(
      Path directory,
      EntryKeys keys,
      LongSupplier nanoTime,
      CommitListener listener,
      UnaryOperator<Committer.Writer> faults)
      throws DamagedStoreException {
    StoreFiles files = new StoreFiles(directory);
    Opened opened = Opened.of(files, keys);
    OwnDisk ownDisk = new OwnDisk(opened.database(), new Witness(files.witness()));
    try {
      List<Damage> damages = new ArrayList<>(opened.report().damages());
      damages.addAll(ownDisk.missing(opened.report()));
      if (!damages.isEmpty()) {
        throw new DamagedStoreException(damages);
      }
      opened.register().addActive();
      return new LogStore(
          files, opened.database(), ownDisk, opened.report(), nanoTime, listener, faults);
    } catch (DamagedStoreException | RuntimeException e) {
      ownDisk.close();
      throw e;
    }
  }

  /**
   * A store on an open database.
   *
   * @param files where the database lies
   * @param report the open logs and the leases, as they stand in the database
   * @param durability how changes become durable
   */
  LogStore(
      StoreFiles files,
      Database database,
      Durability durability,
      Verification.Report report,
      LongSupplier nanoTime,
      CommitListener listener,
      UnaryOperator<Committer.Writer> faults) {
    this.files = files;
    this.database = database;
    this.durability = durability;
    this.leases = new LeaseTable(nanoTime);
    leases.restore(report.lastEpoch(), report.leases());
    openLogs.putAll(report.openLogs());
    committer =
        new Committer(
            () -> new Batch(database, this::head, leases), faults.apply(this::write), listener);
  }

  /** Makes a batch durable, then visible. On the committer's thread. */
  private void write(Batch batch) {
    durability.write(batch);
    batch
        .heads()
        .forEach((log, head) -> {
          if (head.closed()) {
            openLogs.remove(log);
          } else {
            openLogs.put(log, head);
          }
        });
    batch.leaseEvents().forEach(event -> watchers.forEach(watcher -> watcher.accept(event)));
  }

  /** writeLogEntry: appends to a log, or creates it; gives the index of the last entry. */
  public CompletableFuture<Outcome<Integer>> append(
      LogId log, Writer writer, List<ByteString> entries, boolean close) {
    return switch (SealedEntry.checkAll(log, entries, APPEND_MAX, database.cipher())) {
      case Outcome.Refused<List<SealedEntry>> refused ->
          CompletableFuture.completedFuture(refused.as());
      case Outcome.Done<List<SealedEntry>>(List<SealedEntry> sealed) ->
          committer.submit(new Append(log, writer, sealed, close));
    };
  }

  /** updateLog: appends those of the entries that the log has not yet. */
  public CompletableFuture<Outcome<Updated>> update(
      LogId log, Writer writer, List<ByteString> entries) {
    return switch (SealedEntry.checkAll(log, entries, UPDATE_MAX, database.cipher())) {
      case Outcome.Refused<List<SealedEntry>> refused ->
          CompletableFuture.completedFuture(refused.as());
      case Outcome.Done<List<SealedEntry>>(List<SealedEntry> sealed) ->
          committer.submit(new Update(log, writer, sealed));
    };
  }

  /** Gives a holder a new lease and ends its former ones. */
  public CompletableFuture<Outcome<Lease>> acquireLease(
      String holder, Identity identity, int durationMillis) {
    return committer.submit(new AcquireLease(holder, identity, durationMillis));
  }

  /** Heartbeat: gives the milliseconds the lease now lives, nothing when it has ended. */
  public OptionalInt renewLease(Writer holder) {
    return leases.renew(holder.epoch(), holder.identity());
  }

  /**
   * Ends the leases that ran out, durably, and tells those who watch. To be called every {@value
   * #EXPIRY_CHECK_MILLIS} ms: whoever waits to take over learns of the end by it.
   */
  public void endExpiredLeases() {
    if (leases.hasExpired() && committer.unwritable().isEmpty()) {
      CompletableFuture<?> _ = committer.submit(new EndExpiredLeases());
    }
  }

  /** Tells a watcher of each lease given and ended from now on; on the writer's thread. */
  public void watchLeases(LeaseWatcher watcher) {
    watchers.add(watcher);
  }

  /** Tells a watcher no more. */
  public void unwatchLeases(LeaseWatcher watcher) {
    watchers.remove(watcher);
  }

  /** The leases alive. */
  public List<Lease> currentLeases() {
    return leases.current();
  }

  /** Epochs of ended leases that left open logs. */
  public Set<Long> epochsWithoutLease() {
    return withoutOwner().map(open -> open.head().epoch()).collect(Collectors.toSet());
  }

  /** Number of open logs owned under an epoch. */
  public int openLogCount(long epoch) {
    return (int) openLogs.values().stream().filter(head -> head.epoch() == epoch).count();
  }

  /** Ends a lease. */
  public CompletableFuture<Outcome<Boolean>> releaseLease(Writer holder) {
    return committer.submit(new ReleaseLease(holder));
  }

  /**
   * Makes a writer owner of open logs that have none any more and that let it in, and gives them.
   *
   * @param limit at most so many; 0 = 1,000
   */
  public CompletableFuture<Outcome<List<LogId>>> claimLogs(Writer writer, int limit) {
    List<LogId> candidates =
        withoutOwner()
            .filter(open -> open.head().access().mayWrite(writer.identity()))
            .limit(limit == 0 ? CLAIM_DEFAULT : limit)
            .map(Listed::log)
            .toList();
    return committer.submit(new ClaimLogs(writer, candidates));
  }

  /** Number of open logs without owner that keep a caller out: it can't take them over. */
  public long keptOut(Identity caller) {
    return withoutOwner().filter(open -> !open.head().access().mayWrite(caller)).count();
  }

  /** The logs that were open in the backup this store was restored from, and are not released. */
  public List<LogId> heldLogs() {
    return openLogs.entrySet().stream()
        .filter(open -> open.getValue().held())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Lets held logs go on: whoever may write them can claim them. Gives those that were held. */
  public CompletableFuture<Outcome<List<LogId>>> releaseHeld(List<LogId> logs) {
    return committer.submit(new ReleaseHeldLogs(logs));
  }

  /**
   * Adds what is stored now to a folder of backups, one call at a time; appends go on beside it.
   *
   * @param keep how many generations to keep
   */
  public Generation backUp(BackupFolder folder, Instant now, int keep) {
    return folder.add(database, files, now, keep);
  }

  /**
   * Logs of transfers that ended before a time, as their last entries say, a page of them in the
   * order of their ids.
   *
   * @param after only those after this id; empty = all
   */
  public List<Listed> endedBefore(Instant limit, String after, int count) {
    List<Listed> ended = new ArrayList<>();
    List<Listed> page = list(false, after, ENDED_PAGE);
    while (!page.isEmpty() && ended.size() < count) {
      page.stream()
          .filter(log -> log.head().standing() == LogHead.Standing.CLOSED)
          .filter(log -> log.log().isOfTransfer())
          .filter(log -> lastOf(log).madeAt().isBefore(limit))
          .limit(count - ended.size())
          .forEach(ended::add);
      page = list(false, page.getLast().log().value(), ENDED_PAGE);
    }
    return ended;
  }

  private Entry lastOf(Listed log) {
    return Reading.entry(database, log.log(), log.head().length());
  }

  /**
   * Writes logs to an archive and, once that is on disk and has been read back, takes their entries
   * out of the store. A crash between the two leaves both.
   *
   * @return the logs whose entries are in the archive alone now
   */
  public List<LogId> archive(ArchiveFolder folder, Instant now, List<Listed> logs) {
    String archive = folder.write(now, database, logs);
    List<LogId> removed = new ArrayList<>();
    for (int from = 0; from < logs.size(); from += REMOVED_TOGETHER) {
      List<Listed> some = logs.subList(from, Math.min(from + REMOVED_TOGETHER, logs.size()));
      switch (committer.submit(new ArchiveLogs(archive, some)).join()) {
        case Outcome.Done<List<LogId>>(List<LogId> gone) -> removed.addAll(gone);
        case Outcome.Refused<List<LogId>>(ErrorReason reason, String description) ->
            throw new StoreException("archived logs were not removed: " + description, false);
      }
    }
    return removed;
  }

  private Stream<Listed> withoutOwner() {
    Set<Long> alive = leases.alive();
    return openLogs.entrySet().stream()
        .filter(open -> !alive.contains(open.getValue().epoch()) && !open.getValue().held())
        .map(open -> new Listed(open.getKey(), open.getValue()));
  }

  /** Whether a log lets a caller read it; the log's head if so. */
  public Outcome<LogHead> readable(LogId log, Identity caller) {
    return reading(() ->
        knownHead(
            log,
            head ->
                mayRead(log, head, caller)
                    ? Outcome.done(head)
                    : Batch.accessDenied(log, head, caller)));
  }

  /** Whether a log with this head lets a caller read it. */
  public boolean mayRead(LogId log, LogHead head, Identity caller) {
    return head.access()
        .mayRead(caller, () -> head.archived() ? Optional.empty() : counterparty(log));
  }

  private Optional<String> counterparty(LogId log) {
    return Reading.entry(database, log, 1).counterparty(log);
  }

  /** Where a log stands; nothing when it does not exist. */
  public Optional<LogHead> head(LogId log) {
    LogHead open = openLogs.get(log);
    return open != null ? Optional.of(open) : Reading.head(database, log);
  }

  /** getLogLength: number of entries of a log. */
  public Outcome<Integer> length(LogId log) {
    return reading(() -> knownHead(log, head -> Outcome.done(head.length())));
  }

  /** getLogEntry: one entry, its checksum verified. */
  public Outcome<Entry> entry(LogId log, int index) {
    return reading(() ->
        knownHead(
            log,
            head -> {
              if (head.archived()) {
                return Batch.archived(log, head);
              }
              return index < 1 || index > head.length()
                  ? Outcome.refused(
                      ERROR_REASON_LOG_ENTRY_UNKNOWN,
                      "index: %s (expected: 1 to %d)"
                          .formatted(Integer.toUnsignedString(index), head.length()))
                  : Outcome.done(Reading.entry(database, log, index));
            }));
  }

  /** lastEntry (recovery-01 4.5.2): the newest entry. */
  public Outcome<Entry> lastEntry(LogId log) {
    return reading(() -> knownHead(log, head -> entry(log, head.length())));
  }

  /** Logs in the order of their ids, those after the given id (empty = all), a page of them. */
  public List<Listed> list(boolean openOnly, String after, int count) {
    return openOnly ? listOpen(after, count) : listAll(after, count);
  }

  private List<Listed> listOpen(String after, int count) {
    return openLogs.tailMap(new LogId(after), false).entrySet().stream()
        .limit(count)
        .map(open -> new Listed(open.getKey(), open.getValue()))
        .toList();
  }

  private List<Listed> listAll(String after, int count) {
    LogId start = new LogId(after);
    List<Listed> page = new ArrayList<>();
    try (Scan heads = database.scan(Database.Family.HEADS)) {
      for (heads.seek(start.key()); heads.isValid() && page.size() < count; heads.next()) {
        LogId log = LogId.ofKey(heads.key());
        if (!log.equals(start)) {
          page.add(new Listed(log, LogHead.open(heads.key(), heads.value()).orElseThrow()));
        }
      }
      heads.status();
      return page;
    } catch (RocksDBException e) {
      throw Database.failure("list logs", e);
    }
  }

  /** Number of logs that are not closed. */
  public int openLogCount() {
    return openLogs.size();
  }

  /** Number of leases alive. */
  public int leaseCount() {
    return leases.alive().size();
  }

  /** Why nothing can be written until a restart; nothing while all is well. */
  public Optional<String> unwritable() {
    return committer.unwritable();
  }

  private <T> Outcome<T> knownHead(LogId log, Function<LogHead, Outcome<T>> read) {
    return head(log)
        .map(read)
        .orElseGet(() -> Outcome.refused(ERROR_REASON_LOG_UNKNOWN, "log %s".formatted(log)));
  }

  private static <T> Outcome<T> reading(Supplier<Outcome<T>> read) {
    try {
      return read.get();
    } catch (StoreException e) {
      return Outcome.refused(
          e.isCorrupt() ? ERROR_REASON_LOG_CORRUPT : ERROR_REASON_LOG_UNAVAILABLE, e.getMessage());
    }
  }

  /** Carries out what waits and lets reads that run end, then closes the files. */
  @Override
  public void close() {
    committer.close();
    watchers.forEach(LeaseWatcher::closed);
    durability.close();
  }
}
