package org.odap.ledger.sql.journal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.odap.ledger.sql.database.Transaction;

/**
 * The ledger's journal: every effect is one entry, added in the transaction that has the effect.
 *
 * <p>Adding is the last thing a transaction does: from then on it holds the journal's end, and
 * every other writer waits until it is over.
 */
public final class Journal {
  private static final String COLUMNS =
      "entry_number, epoch, recorded_at, previous_hash, transaction_id, entry_key, body, entry_hash";

  private Journal() {}

  private record Head(long number, String hash, long now) {}

  /** Adds an effect at the end. */
  public static JournalEntry append(Transaction tx, long epoch, EntryBody body)
      throws SQLException {
    Head head =
        tx.first(
                """
                SELECT entry_number, entry_hash, GREATEST(recorded_at, ledger_millis())
                FROM journal_head WHERE one = 1 FOR UPDATE\
                """,
                row -> new Head(row.getLong(1), row.getString(2), row.getLong(3)))
            .orElseThrow(() -> new IllegalStateException("the journal has no end"));
    JournalEntry entry = JournalEntry.after(head.number(), head.hash(), head.now(), epoch, body);
    tx.update(
        "INSERT INTO journal (" + COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        entry.number(),
        entry.epoch(),
        entry.recordedAt(),
        entry.previousHash(),
        entry.transactionId(),
        entry.body().key(),
        entry.body().text(),
        entry.hash());
    tx.update(
        "UPDATE journal_head SET entry_number = ?, recorded_at = ?, entry_hash = ? WHERE one = 1",
        entry.number(),
        entry.recordedAt(),
        entry.hash());
    return entry;
  }

  /** The entry of a step or request, if it was done. */
  public static Optional<JournalEntry> find(Transaction tx, String key) throws SQLException {
    return tx.first("SELECT " + COLUMNS + " FROM journal WHERE entry_key = ?", Journal::entry, key);
  }

  /** The entry with a number, if the journal is that long. */
  public static Optional<JournalEntry> at(Transaction tx, long number) throws SQLException {
    return tx.first(
        "SELECT " + COLUMNS + " FROM journal WHERE entry_number = ?", Journal::entry, number);
  }

  /** Up to so many entries that follow a number, in their order. */
  public static List<JournalEntry> after(Transaction tx, long number, int limit)
      throws SQLException {
    return tx.all(
        "SELECT " + COLUMNS + " FROM journal WHERE entry_number > ? ORDER BY entry_number LIMIT ?",
        Journal::entry,
        number,
        limit);
  }

  /** Number of the last entry. */
  public static long length(Transaction tx) throws SQLException {
    return tx.first("SELECT entry_number FROM journal_head WHERE one = 1", row -> row.getLong(1))
        .orElse(0L);
  }

  /** Hash of the last entry. */
  static String headHash(Transaction tx) throws SQLException {
    return tx.first("SELECT entry_hash FROM journal_head WHERE one = 1", row -> row.getString(1))
        .orElse("");
  }

  private static JournalEntry entry(ResultSet row) throws SQLException {
    return new JournalEntry(
        row.getLong(1),
        row.getLong(2),
        row.getLong(3),
        row.getString(4),
        row.getString(5),
        EntryBody.read(row.getString(6), row.getString(7)),
        row.getString(8));
  }
}
