package org.odap.ledger.sql;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.ledger.sql.database.Database;
import org.odap.runtime.rpc.OdapErrors;

/** The SQL ledger's own metrics, beside those every service has. */
final class SqlLedgerMetrics {
  /** Steps and operators' actions answered: {@code odap_ledger_sql_actions_total}. */
  static final String ACTIONS = "odap.ledger.sql.actions";

  /** Transactions run again after a conflict: {@code odap_ledger_sql_transaction_retries_total}. */
  static final String TRANSACTION_RETRIES = "odap.ledger.sql.transaction.retries";

  private final MeterRegistry registry;

  SqlLedgerMetrics(MeterRegistry registry, Database database) {
    this.registry = registry;
    FunctionCounter _ =
        FunctionCounter.builder(TRANSACTION_RETRIES, database, Database::retries)
            .description("Transactions run again after a conflict with another one")
            .register(registry);
  }

  /** The outcome is "done" or the reason of the refusal. */
  void count(String action, StepOutcome outcome) {
    Counter.builder(ACTIONS)
        .description("Steps and operators' actions answered, by outcome")
        .tag("action", action)
        .tag(
            "outcome",
            outcome.getState() == SubmissionState.SUBMISSION_STATE_DONE
                ? "done"
                : OdapErrors.name(outcome.getReason()))
        .register(registry)
        .increment();
  }
}
