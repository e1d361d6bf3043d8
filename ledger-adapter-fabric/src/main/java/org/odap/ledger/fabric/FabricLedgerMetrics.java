package org.odap.ledger.fabric;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.odap.ledger.fabric.step.FabricLedger;

/** The Fabric adapter's own metrics, beside those every service has. */
final class FabricLedgerMetrics {
  /** {@code odap_ledger_fabric_orders_waiting}. */
  static final String WAITING = "odap.ledger.fabric.orders.waiting";

  /** {@code odap_ledger_fabric_transactions_invalid_total}. */
  static final String INVALID = "odap.ledger.fabric.transactions.invalid";

  /** {@code odap_ledger_fabric_transactions_resubmitted_total}. */
  static final String RESUBMITTED = "odap.ledger.fabric.transactions.resubmitted";

  /** {@code odap_ledger_fabric_streams_reopened_total}. */
  static final String REOPENED = "odap.ledger.fabric.streams.reopened";

  private FabricLedgerMetrics() {}

  static void register(MeterRegistry registry, FabricLedger ledger) {
    Gauge _ =
        Gauge.builder(WAITING, ledger, FabricLedger::underWayCount)
            .description("Steps and requests that wait for a block")
            .register(registry);
    FunctionCounter _ =
        FunctionCounter.builder(INVALID, ledger, of -> of.counts().invalidCount())
            .description("Transactions found invalid, mostly because others came first")
            .register(registry);
    FunctionCounter _ =
        FunctionCounter.builder(RESUBMITTED, ledger, of -> of.counts().resubmittedCount())
            .description("Transactions handed in again because the ledger knew nothing of them")
            .register(registry);
    FunctionCounter _ =
        FunctionCounter.builder(REOPENED, ledger, FabricLedger::streamsReopenedCount)
            .description("Streams of events that broke and were opened again")
            .register(registry);
  }
}
