package org.odap.ledger.sql.development;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.odap.api.common.v1.LedgerStep;
import org.odap.ledger.sql.database.Database;
import org.odap.ledger.sql.database.DatabaseConfig;
import org.odap.ledger.sql.database.Transaction;
import org.odap.ledger.sql.journal.EntryBody;
import org.odap.ledger.sql.journal.Journal;
import org.odap.runtime.ledger.References;
import org.odap.runtime.measurement.PlainProgram;
import org.odap.runtime.measurement.TransferSteps;

/**
 * The writes of transfer steps by JDBC alone, a transaction a step: no service in between, nothing
 * asked, no rule checked. The database must have been opened by an adapter before.
 *
 * <pre>
 *   --jdbc-url URL --dlt-system NAME --unique CLASS --holder ACCOUNT, and those of PlainProgram
 * </pre>
 */
public final class PlainLoad implements TransferSteps {
  /** As many as an adapter has. */
  private static final int CONNECTIONS = 16;

  private static final Duration LOCK_TIME = Duration.ofHours(1);
  private static final int EPOCH = 1;
  private static final String REFERENCE = "ab".repeat(32);
  private static final String HASH = "cd".repeat(32);

  private final Database database;
  private final String dltSystem;
  private final String assetClass;
  private final String holder;

  private PlainLoad(Database database, Map<String, String> options) {
    this.database = database;
    this.dltSystem = options.get("--dlt-system");
    this.assetClass = options.get("--unique");
    this.holder = options.get("--holder");
  }

  /** Measures; prints what came of it. */
  public static void main(String... args) {
    System.exit(
        new PlainProgram("--jdbc-url", "--dlt-system", "--unique", "--holder")
            .run(
                args,
                (options, _) ->
                    new PlainLoad(
                        Database.open(
                            new DatabaseConfig(
                                options.get("--jdbc-url"),
                                Optional.empty(),
                                Optional.empty(),
                                CONNECTIONS)),
                        options)));
  }

  @Override
  public String logIncoming(String transferId, long asset) {
    EntryBody body =
        body(LedgerStep.LEDGER_STEP_LOG_INCOMING, transferId, asset)
            .with("reference", REFERENCE)
            .build();
    return database.inTransaction(tx -> {
      insertRecord(tx, transferId, "RECIPIENT", "ANNOUNCED", asset, Optional.empty());
      one(
          tx.update(
              "INSERT INTO unique_asset (asset_class, asset_id, announced_by) VALUES (?, ?, ?)",
              assetClass,
              id(asset),
              transferId));
      return journal(tx, body);
    });
  }

  @Override
  public String create(String transferId, long asset, String announcement) {
    EntryBody body =
        body(LedgerStep.LEDGER_STEP_CREATE, transferId, asset)
            .with("reference", References.to(announcement))
            .with("hash_commit_final", HASH)
            .build();
    return database.inTransaction(tx -> {
      updateRecord(tx, transferId, "RECIPIENT", "CREATED");
      one(
          tx.update(
              """
              UPDATE unique_asset SET owner = ?, announced_by = NULL
              WHERE asset_class = ? AND asset_id = ? AND announced_by = ?\
              """,
              holder,
              assetClass,
              id(asset),
              transferId));
      return journal(tx, body);
    });
  }

  @Override
  public String lock(String transferId, long asset) {
    long expiry = System.currentTimeMillis() + LOCK_TIME.toMillis();
    EntryBody body =
        body(LedgerStep.LEDGER_STEP_LOCK, transferId, asset)
            .with("lock_expiry", expiry)
            .with("reference", REFERENCE)
            .build();
    return database.inTransaction(tx -> {
      insertRecord(tx, transferId, "SENDER", "LOCKED", asset, Optional.of(expiry));
      one(
          tx.update(
              """
              UPDATE unique_asset SET locked_by = ?, lock_expiry = ?
              WHERE asset_class = ? AND asset_id = ? AND owner = ?\
              """,
              transferId,
              expiry,
              assetClass,
              id(asset),
              holder));
      return journal(tx, body);
    });
  }

  @Override
  public String finalizeLock(String transferId, long asset, String lock) {
    EntryBody body =
        body(LedgerStep.LEDGER_STEP_FINALIZE_LOCK, transferId, asset)
            .with("reference", References.to(lock))
            .build();
    return database.inTransaction(tx -> {
      updateRecord(tx, transferId, "SENDER", "EXTINGUISHED");
      one(
          tx.update(
              "DELETE FROM unique_asset WHERE asset_class = ? AND asset_id = ? AND locked_by = ?",
              assetClass,
              id(asset),
              transferId));
      return journal(tx, body);
    });
  }

  @Override
  public String recordLocation(String transferId, long asset, String finalization) {
    EntryBody body =
        body(LedgerStep.LEDGER_STEP_RECORD_LOCATION, transferId, asset)
            .with("reference", References.to(finalization))
            .with("remote_dlt_system", "sql-elsewhere")
            .with("remote_transaction_id", HASH)
            .with("remote_block_number", "1")
            .build();
    return database.inTransaction(tx -> journal(tx, body));
  }

  private EntryBody.Builder body(LedgerStep step, String transferId, long asset) {
    return EntryBody.ofStep(dltSystem, transferId, step)
        .with("asset_class", assetClass)
        .with("asset_id", Long.toString(asset))
        .with("account", holder);
  }

  private void insertRecord(
      Transaction tx,
      String transferId,
      String side,
      String state,
      long asset,
      Optional<Long> lockExpiry)
      throws SQLException {
    one(
        tx.update(
            """
            INSERT INTO transfer_record
              (transfer_id, side, state, epoch, asset_class, asset_id, account, lock_expiry)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)\
            """,
            transferId,
            side,
            state,
            EPOCH,
            assetClass,
            id(asset),
            holder,
            lockExpiry));
  }

  private static void updateRecord(Transaction tx, String transferId, String side, String state)
      throws SQLException {
    one(
        tx.update(
            "UPDATE transfer_record SET state = ? WHERE transfer_id = ? AND side = ?",
            state,
            transferId,
            side));
  }

  private static String journal(Transaction tx, EntryBody body) throws SQLException {
    return Journal.append(tx, EPOCH, body).transactionId();
  }

  private static BigDecimal id(long asset) {
    return BigDecimal.valueOf(asset);
  }

  private static void one(int changed) {
    if (changed != 1) {
      throw new IllegalStateException("rows changed: " + changed + " (expected: 1)");
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
