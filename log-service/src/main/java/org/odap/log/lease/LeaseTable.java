package org.odap.log.lease;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.odap.runtime.identity.Identity;

/**
 * The leases in force. A lease that has ended never lives again in this table, and {@code epoch of
 * every lease <= lastEpoch}. What is durable about leases is the store's business; heartbeats are
 * only kept here, so after a restart every lease that was not ended durably has its full duration.
 * An expiry forgotten that way is one that nobody acted upon: who acts upon it ends it durably
 * first.
 */
public final class LeaseTable {
  private final LongSupplier nanoTime;
  private final Map<Long, Held> leases = new HashMap<>();
  private final Map<Long, Heir> heirs = new HashMap<>();
  private long lastEpoch;

  private record Held(Lease lease, long deadlineNanos) {}

  /** A lease that takes over from an ended one, and whose it is. */
  public record Heir(long epoch, Identity identity) {}

  /** A table whose time is that of a clock like {@link System#nanoTime}. */
  public LeaseTable(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Takes over what was durable: the last epoch given and the leases not ended. */
  public synchronized void restore(long lastEpochGiven, List<Lease> durable) {
    lastEpoch = lastEpochGiven;
    leases.clear();
    heirs.clear();
    durable.forEach(this::hold);
  }

  /** Gives a lease under a new epoch. */
  public synchronized Lease give(String holder, Identity identity, int durationMillis) {
    Lease lease = new Lease(++lastEpoch, holder, identity, durationMillis);
    hold(lease);
    return lease;
  }

  /**
   * Heartbeat: extends a lease; gives the milliseconds it now lives, nothing when it has ended or
   * is another's.
   */
  public synchronized OptionalInt renew(long epoch, Identity caller) {
    if (!isHeldBy(epoch, caller)) {
      return OptionalInt.empty();
    }
    Lease lease = leases.get(epoch).lease();
    hold(lease);
    return OptionalInt.of(lease.durationMillis());
  }

  /** Whether a lease has been given and has not ended. */
  public synchronized boolean isAlive(long epoch) {
    Held held = leases.get(epoch);
    return held != null && held.deadlineNanos() - nanoTime.getAsLong() > 0;
  }

  /** Whether a lease is alive and this caller's. */
  public synchronized boolean isHeldBy(long epoch, Identity caller) {
    return isAlive(epoch) && leases.get(epoch).lease().identity().equals(caller);
  }

  /** The lease with this epoch, if it has not ended. */
  public synchronized Optional<Lease> lease(long epoch) {
    return isAlive(epoch) ? Optional.of(leases.get(epoch).lease()) : Optional.empty();
  }

  /** The epochs of all leases alive. */
  public synchronized Set<Long> alive() {
    Set<Long> alive = new HashSet<>(leases.keySet());
    alive.removeIf(epoch -> !isAlive(epoch));
    return alive;
  }

  /** Ends a lease; gives it if the table held it. */
  public synchronized Optional<Lease> end(long epoch) {
    heirs.values().removeIf(heir -> heir.epoch() == epoch);
    return Optional.ofNullable(leases.remove(epoch)).map(Held::lease);
  }

  /** Ends all leases of a holder and gives them. */
  public synchronized List<Lease> endOf(String holder) {
    return endIf(held -> held.lease().holder().equals(holder));
  }

  /** Whether a lease has run out that {@link #endExpired} has not ended yet. */
  public synchronized boolean hasExpired() {
    return leases.keySet().stream().anyMatch(epoch -> !isAlive(epoch));
  }

  /** Ends the leases that ran out, so that no heartbeat revives them, and gives them. */
  public synchronized List<Lease> endExpired() {
    return endIf(held -> !isAlive(held.lease().epoch()));
  }

  private List<Lease> endIf(Predicate<Held> condition) {
    List<Lease> ended = leases.values().stream().filter(condition).map(Held::lease).toList();
    ended.forEach(lease -> {
      Optional<Lease> _ = end(lease.epoch());
    });
    return ended;
  }

  /** All leases alive. */
  public synchronized List<Lease> current() {
    return leases.values().stream()
        .map(Held::lease)
        .filter(lease -> isAlive(lease.epoch()))
        .toList();
  }

  /**
   * Who takes over what an ended lease left: the first who asked, as long as its own lease lives.
   */
  public synchronized Optional<Heir> heirOf(long ended) {
    return Optional.ofNullable(heirs.get(ended)).filter(heir -> isAlive(heir.epoch()));
  }

  /** Makes a holder the heir of an ended lease. */
  public synchronized void inherit(long ended, Heir heir) {
    heirs.put(ended, heir);
  }

  /** The newest epoch ever given; 0 = none. */
  public synchronized long lastEpoch() {
    return lastEpoch;
  }

  private void hold(Lease lease) {
    long deadline = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(lease.durationMillis());
    leases.put(lease.epoch(), new Held(lease, deadline));
  }
}
