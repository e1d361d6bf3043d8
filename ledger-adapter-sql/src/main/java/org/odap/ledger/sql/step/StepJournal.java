package org.odap.ledger.sql.step;

import java.sql.SQLException;
import java.util.Optional;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.StepKey;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.ledger.sql.database.Transaction;
import org.odap.ledger.sql.journal.EntryBody;
import org.odap.ledger.sql.journal.Journal;
import org.odap.ledger.sql.journal.JournalEntry;
import org.odap.ledger.sql.journal.SqlEvidence;

/** Steps as the journal knows them: done for the first time, or answered again. */
final class StepJournal {
  private final String dltSystem;

  StepJournal(String dltSystem) {
    this.dltSystem = dltSystem;
  }

  /** Starts the description of a step. */
  EntryBody.Builder body(StepKey key, LedgerStep step) {
    EntryBody.Builder body = EntryBody.ofStep(dltSystem, key.getTransferId(), step);
    return key.hasAnchor() ? body.with(key.getAnchor()) : body;
  }

  /** Records the step that the transaction has just done; the last thing it does. */
  LedgerClaim done(Transaction tx, StepKey key, EntryBody body) throws SQLException {
    return SqlEvidence.claim(Journal.append(tx, key.getEpoch(), body));
  }

  /**
   * What the first of its kind did, if there was one; a repeat must have the same parameters. Where
   * its order stands in the log is none of them: the first one's anchor stays.
   */
  Optional<LedgerClaim> find(Transaction tx, EntryBody body) throws SQLException {
    Optional<JournalEntry> first = Journal.find(tx, body.key());
    if (first.isPresent() && !first.get().body().hasEffectOf(body)) {
      throw new RefusedException(
          ErrorReason.ERROR_REASON_STEP_CONFLICT,
          "the step was done before with other parameters, in transaction "
              + first.get().transactionId());
    }
    return first.map(SqlEvidence::claim);
  }

  /** What the first of its kind did, where there was one by the transfer's state. */
  LedgerClaim again(Transaction tx, EntryBody body) throws SQLException {
    return find(tx, body).orElseThrow(StepJournal::missing);
  }

  /** The same for a step without parameters. */
  LedgerClaim again(Transaction tx, StepKey key, LedgerStep step) throws SQLException {
    return Journal.find(tx, EntryBody.keyOfStep(key.getTransferId(), step))
        .map(SqlEvidence::claim)
        .orElseThrow(StepJournal::missing);
  }

  private static IllegalStateException missing() {
    return new IllegalStateException("a step that was done has no entry");
  }
}
