package org.odap.log.store;

import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_EPOCH_STALE;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LEASE_LOST;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_ACCESS_DENIED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_ARCHIVED;
import static org.odap.api.common.v1.ErrorReason.ERROR_REASON_LOG_HELD;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.odap.log.entry.Entry;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.log.lease.Lease;
import org.odap.log.lease.LeaseEvent;
import org.odap.log.lease.LeaseTable;
import org.odap.runtime.identity.Identity;
import org.rocksdb.WriteBatch;

/**
 * Changes that become durable with one sync. What it answers about a log is what will be true once
 * they are: each change is judged after those that came before it. Owned by the committer's thread.
 */
final class Batch implements AutoCloseable {
  private final Database database;
  private final Function<LogId, Optional<LogHead>> storedHeads;
  private final LeaseTable leases;
  private final WriteBatch writes = new WriteBatch();
  private final Map<LogId, LogHead> heads = new HashMap<>();
  private final Map<LogId, List<SealedEntry>> appended = new HashMap<>();
  private final List<LeaseEvent> leaseEvents = new ArrayList<>();
  private int entries;

  Batch(Database database, Function<LogId, Optional<LogHead>> storedHeads, LeaseTable leases) {
    this.database = database;
    this.storedHeads = storedHeads;
    this.leases = leases;
  }

  LeaseTable leases() {
    return leases;
  }

  /** Gives a lease, and ends those its holder had: it is their heir. */
  Lease giveLease(String holder, Identity identity, int durationMillis) {
    endExpiredLeases();
    List<Lease> former = leases.endOf(holder);
    former.forEach(lease -> ended(lease, LeaseEvent.Kind.REPLACED));
    Lease lease = leases.give(holder, identity, durationMillis);
    former.forEach(
        replaced -> leases.inherit(replaced.epoch(), new LeaseTable.Heir(lease.epoch(), identity)));
    putLease(lease);
    leaseEvents.add(new LeaseEvent(lease, LeaseEvent.Kind.GIVEN));
    return lease;
  }

  /** Ends a lease; gives whether it had not ended before. */
  boolean releaseLease(long epoch) {
    Optional<Lease> released = leases.end(epoch);
    released.ifPresent(lease -> ended(lease, LeaseEvent.Kind.RELEASED));
    return released.isPresent();
  }

  /** Ends the leases that ran out. */
  void endExpiredLeases() {
    leases.endExpired().forEach(lease -> ended(lease, LeaseEvent.Kind.EXPIRED));
  }

  private void ended(Lease lease, LeaseEvent.Kind how) {
    database.delete(writes, Database.Family.LEASES, LeaseRecords.key(lease.epoch()));
    leaseEvents.add(new LeaseEvent(lease, how));
  }

  /** What becomes of leases, in its order. */
  List<LeaseEvent> leaseEvents() {
    return leaseEvents;
  }

  Optional<LogHead> head(LogId log) {
    LogHead changed = heads.get(log);
    return changed != null ? Optional.of(changed) : storedHeads.apply(log);
  }

  /**
   * The head this writer may extend, or why it may not. Whom the log lets in comes first: others
   * learn nothing of it. Then its owner: a writer that was fenced off learns that there is another.
   *
   * @param first the entry that makes the log, if there is none yet
   */
  Outcome<LogHead> headFor(LogId log, Writer writer, Entry first) {
    LogHead head = head(log).orElseGet(() -> LogHead.empty(writer, first));
    long epoch = writer.epoch();
    if (!head.access().mayWrite(writer.identity())) {
      return accessDenied(log, head, writer.identity());
    }
    if (head.archived()) {
      return archived(log, head);
    }
    if (head.held()) {
      return Outcome.refused(
          ERROR_REASON_LOG_HELD,
          "log %s was open in the backup this store was restored from (expected: released by an"
                  .formatted(log)
              + " operator)");
    }
    if (head.epoch() != epoch) {
      return Outcome.refused(
          ERROR_REASON_EPOCH_STALE,
          "epoch: %s (expected: %s, the owner of log %s)"
              .formatted(unsigned(epoch), unsigned(head.epoch()), log));
    }
    return leases.isHeldBy(epoch, writer.identity()) ? Outcome.done(head) : leaseLost(epoch);
  }

  static <T> Outcome<T> accessDenied(LogId log, LogHead head, Identity caller) {
    return Outcome.refused(
        ERROR_REASON_LOG_ACCESS_DENIED,
        "log %s keeps %s out (access-control profile %s of %s)"
            .formatted(log, caller, head.access().profile(), head.access().creator()));
  }

  /** Where entries are that are asked for in vain. */
  static <T> Outcome<T> archived(LogId log, LogHead head) {
    return Outcome.refused(
        ERROR_REASON_LOG_ARCHIVED,
        "log %s has ended; its entries are in archive %s".formatted(log, head.archive()));
  }

  static <T> Outcome<T> leaseLost(long epoch) {
    return Outcome.refused(
        ERROR_REASON_LEASE_LOST,
        "the lease with epoch %s has ended, was never given, or is another's"
            .formatted(unsigned(epoch)));
  }

  /** log_entry_hash of an entry that the log has. */
  String hashAt(LogId log, int index) {
    return appended.getOrDefault(log, List.of()).stream()
        .map(SealedEntry::entry)
        .filter(entry -> entry.index() == index)
        .findFirst()
        .orElseGet(() -> Reading.entry(database, log, index))
        .hash();
  }

  /** Whether all these entries are in a log of this length, by their hashes. */
  boolean holds(LogId log, int length, List<SealedEntry> wanted) {
    return wanted.stream()
        .map(SealedEntry::entry)
        .takeWhile(entry -> entry.index() <= length)
        .allMatch(entry -> entry.hash().equals(hashAt(log, entry.index())));
  }

  /** Appends entries that continue the log. */
  void append(LogId log, LogHead head, List<SealedEntry> added, boolean close) {
    for (SealedEntry sealed : added) {
      database.put(writes, Database.Family.ENTRIES, sealed.key(), sealed.value());
    }
    appended.computeIfAbsent(log, l -> new ArrayList<>()).addAll(added);
    entries += added.size();
    heads.put(log, head.extendedTo(added.getLast().entry(), close));
  }

  void putHead(LogId log, LogHead head) {
    heads.put(log, head);
  }

  /** Takes the entries of a log away and keeps its head, which says in which archive they are. */
  void archive(LogId log, LogHead head, String archive) {
    for (int index = 1; index <= head.length(); index++) {
      database.delete(writes, Database.Family.ENTRIES, log.entryKey(index));
    }
    heads.put(log, head.archivedIn(archive));
  }

  private void putLease(Lease lease) {
    database.put(
        writes,
        Database.Family.LEASES,
        LeaseRecords.LAST_EPOCH_KEY,
        LeaseRecords.sealLastEpoch(lease.epoch()));
    database.put(
        writes, Database.Family.LEASES, LeaseRecords.key(lease.epoch()), LeaseRecords.seal(lease));
  }

  /** Completes the batch with the heads, each once however often it changed. */
  WriteBatch seal() {
    heads.forEach((log, head) -> {
      byte[] key = log.key();
      database.put(writes, Database.Family.HEADS, key, head.seal(key));
    });
    return writes;
  }

  /** The heads as they will be. */
  Map<LogId, LogHead> heads() {
    return heads;
  }

  int entries() {
    return entries;
  }

  private static String unsigned(long epoch) {
    return Long.toUnsignedString(epoch);
  }

  @Override
  public void close() {
    writes.close();
  }
}
