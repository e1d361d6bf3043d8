package org.odap.core.transfer;

import java.util.Optional;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LogAnchor;

/**
 * Where ledger steps are ordered in a log whose hash goes to the ledger (recovery-01 4.4). It is
 * the entry written before the step: the same one however often the step is ordered again.
 */
final class LogAnchors {
  private LogAnchors() {}

  /** The place a step was ordered at; empty for a log that is not anchored. */
  static Optional<LogAnchor> of(Transfer transfer, LedgerStep step) {
    if (!transfer.session().isAnchored()) {
      return Optional.empty();
    }
    String ordered = ordering(step).text();
    return transfer.entries().stream()
        .filter(entry -> entry.getPayload().getMessage().equals(ordered))
        .findFirst()
        .map(entry ->
            LogAnchor.newBuilder()
                .setSeqNumber(entry.getSeqNumber())
                .setLogEntryHash(entry.getLogEntryHash())
                .build());
  }

  private static LogCommand ordering(LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK -> LogCommand.EXEC_LOCK;
      case LEDGER_STEP_LOG_INCOMING -> LogCommand.EXEC_LOG_INCOMING;
      case LEDGER_STEP_FINALIZE_LOCK -> LogCommand.EXEC_LOCK_FINAL;
      case LEDGER_STEP_CREATE -> LogCommand.EXEC_CREATE;
      case LEDGER_STEP_RECORD_LOCATION -> LogCommand.EXEC_LOCATION_RECORD;
      case LEDGER_STEP_UNLOCK -> LogCommand.EXEC_UNLOCK;
      case LEDGER_STEP_WITHDRAW -> LogCommand.EXEC_WITHDRAW;
      case LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("not a step: " + step);
    };
  }
}
