package org.odap.ledger.sql.journal;

/** The journal is not what was written: somebody has changed the database's tables by hand. */
public final class JournalBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long number;

  JournalBrokenException(long number) {
    super("the journal is broken at entry " + number);
    this.number = number;
  }

  /** The first entry that is wrong or missing. */
  public long number() {
    return number;
  }
}
