package org.odap.ledger.sql.step;

import java.sql.SQLException;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.RecordState;
import org.odap.ledger.sql.database.Transaction;
import org.odap.ledger.sql.journal.EntryBody;
import org.odap.ledger.sql.journal.Journal;
import org.odap.ledger.sql.journal.JournalEntry;
import org.odap.ledger.sql.journal.SqlEvidence;
import org.odap.ledger.sql.step.TransferRecord.Side;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;

/** Tells what became of a step (ODAP 5.11). */
public final class StepReader {
  private StepReader() {}

  /** The step's entry and its transfer's state; throws STEP_UNKNOWN where there is no entry. */
  public static GetStepResponse read(Transaction tx, GetStepRequest request) throws SQLException {
    String key = EntryBody.keyOfStep(request.getTransferId(), request.getStep());
    JournalEntry entry =
        Journal.find(tx, key)
            .orElseThrow(() ->
                new OdapException(
                    ErrorReason.ERROR_REASON_STEP_UNKNOWN, "the step was not done here"));
    Optional<TransferRecord> record =
        TransferRecord.read(tx, request.getTransferId(), side(request.getStep()));
    return GetStepResponse.newBuilder()
        .setOutcome(StepOutcomes.done(SqlEvidence.claim(entry)))
        .setRecordState(record.map(StepReader::state).orElse(RecordState.RECORD_STATE_UNSPECIFIED))
        .build();
  }

  /** An expired lock is released, whether or not anybody has tidied up after it. */
  private static RecordState state(TransferRecord record) {
    return record.state() == RecordState.RECORD_STATE_LOCKED && record.isPastExpiry()
        ? RecordState.RECORD_STATE_RELEASED
        : record.state();
  }

  private static Side side(LedgerStep step) {
    return switch (step) {
      case LEDGER_STEP_LOCK,
          LEDGER_STEP_UNLOCK,
          LEDGER_STEP_FINALIZE_LOCK,
          LEDGER_STEP_RECORD_LOCATION ->
          Side.SENDER;
      case LEDGER_STEP_LOG_INCOMING, LEDGER_STEP_CREATE, LEDGER_STEP_WITHDRAW -> Side.RECIPIENT;
      case LEDGER_STEP_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("step: " + step);
    };
  }
}
