package org.odap.ledger.ethereum;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.odap.ledger.ethereum.step.EthereumLedger;
import org.odap.ledger.ethereum.submission.Outbox;

/** The Ethereum adapter's own metrics, beside those every service has. */
final class EthereumLedgerMetrics {
  /** {@code odap_ledger_ethereum_transactions_waiting}. */
  static final String WAITING = "odap.ledger.ethereum.transactions.waiting";

  /** {@code odap_ledger_ethereum_transactions_replaced_total}. */
  static final String REPLACED = "odap.ledger.ethereum.transactions.replaced";

  /** {@code odap_ledger_ethereum_transactions_lost_total}. */
  static final String LOST = "odap.ledger.ethereum.transactions.lost";

  /** {@code odap_ledger_ethereum_steps_taken_back_total}. */
  static final String TAKEN_BACK = "odap.ledger.ethereum.steps.taken.back";

  private EthereumLedgerMetrics() {}

  static void register(MeterRegistry registry, Outbox outbox, EthereumLedger ledger) {
    Gauge _ =
        Gauge.builder(WAITING, outbox, Outbox::waitingCount)
            .description("Transactions that wait for a block")
            .register(registry);
    FunctionCounter _ =
        FunctionCounter.builder(REPLACED, outbox, Outbox::replacedCount)
            .description("Stuck transactions replaced by ones that offer more")
            .register(registry);
    FunctionCounter _ =
        FunctionCounter.builder(LOST, outbox, Outbox::lostCount)
            .description("Transactions that the node lost and that were handed in again")
            .register(registry);
    FunctionCounter _ =
        FunctionCounter.builder(TAKEN_BACK, ledger, EthereumLedger::takenBackCount)
            .description("Steps that a reorganization took back before they were final")
            .register(registry);
  }
}
