package org.odap.log.store;

import org.odap.log.entry.Outcome;

/** Something asked of the store's one writer. */
sealed interface Change<R>
    permits Append,
        Update,
        AcquireLease,
        ReleaseLease,
        EndExpiredLeases,
        ClaimLogs,
        ReleaseHeldLogs,
        ArchiveLogs {
  /** Bytes it holds in memory until it is answered, roughly. */
  int weight();

  /**
   * Judges the change after all that is already in the batch, and adds what it writes. A refused
   * change adds nothing. The outcome holds once the batch is durable, not before.
   */
  Outcome<R> decide(Batch batch);
}
