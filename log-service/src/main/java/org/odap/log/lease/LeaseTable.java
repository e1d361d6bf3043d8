package org.odap.log.lease;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

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
  private long lastEpoch;

  private record Held(Lease lease, long deadlineNanos) {}

  /** A table whose time is that of a clock like {@link System#nanoTime}. */
  public LeaseTable(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Takes over what was durable: the last epoch given and the leases not ended. */
  public synchronized void restore(long lastEpochGiven, List<Lease> durable) {
    lastEpoch = lastEpochGiven;
    leases.clear();
    durable.forEach(this::hold);
  }

  /** Gives a lease under a new epoch. */
  public synchronized Lease give(String holder, int durationMillis) {
    Lease lease = new Lease(++lastEpoch, holder, durationMillis);
    hold(lease);
    return lease;
  }

  /** Heartbeat: extends a lease; gives the milliseconds it now lives, nothing when it has ended. */
  public synchronized OptionalInt renew(long epoch) {
    if (!isAlive(epoch)) {
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

  /** The epochs of all leases alive. */
  public synchronized Set<Long> alive() {
    Set<Long> alive = new HashSet<>(leases.keySet());
    alive.removeIf(epoch -> !isAlive(epoch));
    return alive;
  }

  /** Ends a lease; gives whether the table held it. */
  public synchronized boolean end(long epoch) {
    return leases.remove(epoch) != null;
  }

  /** Ends all leases of a holder and gives their epochs. */
  public synchronized List<Long> endOf(String holder) {
    List<Long> ended = new ArrayList<>();
    leases.values().stream()
        .filter(held -> held.lease().holder().equals(holder))
        .forEach(held -> ended.add(held.lease().epoch()));
    leases.keySet().removeAll(ended);
    return ended;
  }

  /** Ends the leases that ran out, so that no heartbeat revives them, and gives their epochs. */
  public synchronized List<Long> endExpired() {
    List<Long> ended = new ArrayList<>(leases.keySet());
    ended.removeIf(this::isAlive);
    leases.keySet().removeAll(ended);
    return ended;
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
