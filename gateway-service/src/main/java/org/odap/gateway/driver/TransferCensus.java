package org.odap.gateway.driver;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.odap.api.common.v1.LedgerStep;
import org.odap.core.session.Role;
import org.odap.core.transfer.Transfer;

/**
 * Counts the transfers that run on this replica: how many in which phase and with whom, how old the
 * oldest is, and how near the next lock's expiry. Metrics are read all at once, so one count serves
 * them all for a moment.
 *
 * <p>Mutable: the newest count, and which rows there ever were: a row that empties stays, at 0.
 */
final class TransferCensus {
  private static final String RUNNING = "odap.gateway.transfers.running";
  private static final String OLDEST = "odap.gateway.transfers.oldest";
  private static final String HEADROOM = "odap.gateway.lock.expiry.headroom";
  private static final long GOOD_FOR_MILLIS = 1_000;

  private final Supplier<Collection<Transfer>> transfers;
  private final DriverMetrics metrics;
  private final Clock clock;
  private final Set<Row> rows = ConcurrentHashMap.newKeySet();
  private Count newest = new Count(Long.MIN_VALUE / 2, Map.of(), 0, Double.NaN);

  /** Labels of transfers that are counted together. */
  private record Row(String role, String phase, String counterparty) {}

  /**
   * One count.
   *
   * @param at when it was made, UNIX milliseconds
   * @param oldest age of the oldest, seconds; 0 when there is none
   * @param headroom least time left of a lock whose transfer is not past the commit point, seconds;
   *     NaN when there is none
   */
  private record Count(long at, Map<Row, Integer> running, double oldest, double headroom) {}

  TransferCensus(Supplier<Collection<Transfer>> transfers, DriverMetrics metrics, Clock clock) {
    this.transfers = transfers;
    this.metrics = metrics;
    this.clock = clock;
    MeterRegistry registry = metrics.registry();
    Gauge.builder(OLDEST, () -> count().oldest())
        .description("Age of the oldest transfer that runs on this replica; 0 when there is none")
        .baseUnit("seconds")
        .register(registry);
    Gauge.builder(HEADROOM, () -> count().headroom())
        .description("Least time left of a lock before its commit point; NaN when there is none")
        .baseUnit("seconds")
        .register(registry);
  }

  /** A transfer has changed: its row is counted from now on. */
  void saw(Transfer transfer) {
    Row row = row(transfer);
    if (rows.add(row)) {
      Gauge.builder(RUNNING, () -> count().running().getOrDefault(row, 0))
          .description("Transfers that run on this replica")
          .tag("role", row.role())
          .tag("phase", row.phase())
          .tag("counterparty", row.counterparty())
          .register(metrics.registry());
    }
  }

  private synchronized Count count() {
    long now = clock.millis();
    if (now - newest.at() >= GOOD_FOR_MILLIS || now < newest.at()) {
      newest = counted(now);
    }
    return newest;
  }

  private Count counted(long now) {
    Map<Row, Integer> running = new HashMap<>();
    long first = now;
    double headroom = Double.NaN;
    for (Transfer transfer : transfers.get()) {
      running.merge(row(transfer), 1, Integer::sum);
      first = Math.min(first, transfer.startedAt());
      if (isLockedAndMayExpire(transfer)) {
        double left = (transfer.session().expiryTime() - now) / 1_000.0;
        headroom = Double.isNaN(headroom) ? left : Math.min(headroom, left);
      }
    }
    return new Count(now, running, (now - first) / 1_000.0, headroom);
  }

  private static boolean isLockedAndMayExpire(Transfer transfer) {
    return transfer.role() == Role.SENDER
        && transfer.session().claim(LedgerStep.LEDGER_STEP_LOCK).isPresent()
        && transfer.session().claim(LedgerStep.LEDGER_STEP_FINALIZE_LOCK).isEmpty()
        && transfer.session().claim(LedgerStep.LEDGER_STEP_UNLOCK).isEmpty();
  }

  private Row row(Transfer transfer) {
    return new Row(
        transfer.role().word(),
        transfer.state().phase().name().substring("ODAP_PHASE_".length()).toLowerCase(Locale.ROOT),
        metrics.counterparty(transfer));
  }
}
