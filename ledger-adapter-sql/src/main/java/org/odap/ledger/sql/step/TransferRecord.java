package org.odap.ledger.sql.step;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepKey;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.ledger.sql.database.Transaction;

/**
 * Where a transfer stands on this ledger, seen from one of its sides.
 *
 * <p>Sender: LOCKED, then EXTINGUISHED or RELEASED. Recipient: ANNOUNCED, then CREATED or
 * WITHDRAWN. RELEASED and WITHDRAWN without an asset: given up before the first step arrived.
 *
 * @param isPastExpiry whether the lock's expiry has passed by the database's clock
 */
record TransferRecord(
    RecordState state,
    long epoch,
    Optional<Asset> asset,
    String account,
    long lockExpiry,
    boolean isPastExpiry) {

  /** The side of a transfer that this ledger is; one ledger may be both. */
  enum Side {
    SENDER,
    RECIPIENT
  }

  private static final String STATE_PREFIX = "RECORD_STATE_";
  private static final String SELECT =
      """
      SELECT state, epoch, asset_class, asset_id, amount, account, lock_expiry,
        COALESCE(lock_expiry <= ledger_millis(), FALSE)
      FROM transfer_record WHERE transfer_id = ? AND side = ?\
      """;

  /** Reads the record. */
  static Optional<TransferRecord> read(Transaction tx, String transferId, Side side)
      throws SQLException {
    return tx.first(SELECT, TransferRecord::of, transferId, side.name());
  }

  /**
   * Reads the record and holds it until the transaction is over; refuses a writer with a stale
   * epoch.
   */
  static Optional<TransferRecord> hold(Transaction tx, StepKey key, Side side) throws SQLException {
    Optional<TransferRecord> record =
        tx.first(SELECT + " FOR UPDATE", TransferRecord::of, key.getTransferId(), side.name());
    if (record.isPresent() && key.getEpoch() < record.get().epoch()) {
      throw new RefusedException(
          ErrorReason.ERROR_REASON_EPOCH_STALE,
          "epoch: value: "
              + key.getEpoch()
              + " (expected: at least "
              + record.get().epoch()
              + ", which this transfer was written with)");
    }
    return record;
  }

  /** Makes the record at a transfer's first step. */
  static void insert(
      Transaction tx,
      StepKey key,
      Side side,
      RecordState state,
      Asset asset,
      String account,
      Optional<Long> lockExpiry)
      throws SQLException {
    tx.update(
        """
        INSERT INTO transfer_record
          (transfer_id, side, state, epoch, asset_class, asset_id, amount, account, lock_expiry)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)\
        """,
        key.getTransferId(),
        side.name(),
        name(state),
        key.getEpoch(),
        asset.getAssetClass(),
        number(asset.getAssetId()),
        number(asset.getAmount()),
        account,
        lockExpiry);
  }

  /** Forbids the first step of a transfer that was given up before it. */
  static void insertGivenUp(Transaction tx, StepKey key, Side side, RecordState state)
      throws SQLException {
    tx.update(
        "INSERT INTO transfer_record (transfer_id, side, state, epoch) VALUES (?, ?, ?, ?)",
        key.getTransferId(),
        side.name(),
        name(state),
        key.getEpoch());
  }

  /** Moves a held record on. */
  static void update(Transaction tx, StepKey key, Side side, RecordState state)
      throws SQLException {
    tx.update(
        "UPDATE transfer_record SET state = ?, epoch = ? WHERE transfer_id = ? AND side = ?",
        name(state),
        key.getEpoch(),
        key.getTransferId(),
        side.name());
  }

  /** Remembers the epoch of a writer that changes nothing else. */
  void remember(Transaction tx, StepKey key, Side side) throws SQLException {
    if (key.getEpoch() > epoch) {
      update(tx, key, side, state);
    }
  }

  /** The asset of a record that was not given up before its first step. */
  Asset heldAsset() {
    return asset.orElseThrow(() -> new IllegalStateException("record without an asset"));
  }

  /** A decimal string as the database takes it; empty text is NULL. */
  static Optional<BigDecimal> number(String decimal) {
    return decimal.isEmpty() ? Optional.empty() : Optional.of(new BigDecimal(decimal));
  }

  private static String name(RecordState state) {
    return state.name().substring(STATE_PREFIX.length());
  }

  private static TransferRecord of(ResultSet row) throws SQLException {
    return new TransferRecord(
        RecordState.valueOf(STATE_PREFIX + row.getString(1)),
        row.getLong(2),
        asset(row),
        Optional.ofNullable(row.getString(6)).orElse(""),
        row.getLong(7),
        row.getBoolean(8));
  }

  private static Optional<Asset> asset(ResultSet row) throws SQLException {
    String assetClass = row.getString(3);
    if (assetClass == null) {
      return Optional.empty();
    }
    Asset.Builder asset = Asset.newBuilder().setAssetClass(assetClass);
    BigDecimal id = row.getBigDecimal(4);
    if (id == null) {
      asset
          .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
          .setAmount(row.getBigDecimal(5).toBigInteger().toString());
    } else {
      asset.setKind(AssetKind.ASSET_KIND_UNIQUE).setAssetId(id.toBigInteger().toString());
    }
    return Optional.of(asset.build());
  }
}
