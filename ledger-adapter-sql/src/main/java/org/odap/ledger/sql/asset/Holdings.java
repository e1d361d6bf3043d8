package org.odap.ledger.sql.asset;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.Optional;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.ledger.sql.database.Transaction;
import org.odap.runtime.ledger.Refusal;

/**
 * Who owns what: the changes that transfers and operators make to assets and balances. Each is one
 * statement whose conditions are the rules; only when it changed nothing is the reason looked for.
 */
public final class Holdings {
  private final boolean isConsentImplicit;

  /** With implicit consent, owners need not approve that gateways lock what they hold. */
  public Holdings(boolean isConsentImplicit) {
    this.isConsentImplicit = isConsentImplicit;
  }

  /** The lock of one unique asset; an expired one is no lock any more. */
  public void lockUnique(Transaction tx, Asset asset, String owner, String transferId, long expiry)
      throws SQLException {
    int locked =
        tx.update(
            """
            UPDATE unique_asset SET locked_by = ?, lock_expiry = ?
            WHERE asset_class = ? AND asset_id = ? AND owner = ?
              AND (locked_by IS NULL OR lock_expiry <= ledger_millis())
              AND (? OR EXISTS (SELECT 1 FROM approval WHERE asset_class = ? AND account = ?))\
            """,
            transferId,
            expiry,
            asset.getAssetClass(),
            id(asset),
            owner,
            isConsentImplicit,
            asset.getAssetClass(),
            owner);
    if (locked == 0) {
      requireFree(tx, asset, owner);
      throw consentMissing(tx, asset, owner);
    }
  }

  /** Lets a unique asset go, unless another transfer holds it by now. */
  public void unlockUnique(Transaction tx, Asset asset, String transferId) throws SQLException {
    tx.update(
        """
        UPDATE unique_asset SET locked_by = NULL, lock_expiry = NULL
        WHERE asset_class = ? AND asset_id = ? AND locked_by = ?\
        """,
        asset.getAssetClass(),
        id(asset),
        transferId);
  }

  /** Takes a locked unique asset out of circulation; false where the transfer does not hold it. */
  public boolean extinguishUnique(Transaction tx, Asset asset, String transferId)
      throws SQLException {
    return tx.update(
            "DELETE FROM unique_asset WHERE asset_class = ? AND asset_id = ? AND locked_by = ?",
            asset.getAssetClass(),
            id(asset),
            transferId)
        == 1;
  }

  /** Keeps the id of a unique asset for the transfer that announced it. */
  public void announceUnique(Transaction tx, Asset asset, String transferId) throws SQLException {
    int announced =
        tx.update(
            """
            INSERT INTO unique_asset (asset_class, asset_id, announced_by)
            SELECT name, CAST(? AS NUMERIC(78, 0)), CAST(? AS VARCHAR(36)) FROM asset_class
            WHERE name = ? AND NOT EXISTS
              (SELECT 1 FROM unique_asset WHERE asset_class = ? AND asset_id = ?)\
            """,
            id(asset),
            transferId,
            asset.getAssetClass(),
            asset.getAssetClass(),
            id(asset));
    if (announced == 0) {
      throw exists(asset);
    }
  }

  /** Gives an announced unique asset its owner. */
  public void createAnnounced(Transaction tx, Asset asset, String transferId, String owner)
      throws SQLException {
    int created =
        tx.update(
            """
            UPDATE unique_asset SET owner = ?, announced_by = NULL
            WHERE asset_class = ? AND asset_id = ? AND announced_by = ?\
            """,
            owner,
            asset.getAssetClass(),
            id(asset),
            transferId);
    if (created != 1) {
      throw new IllegalStateException("an announced asset is not in the table");
    }
  }

  /** Forgets the announcement of a unique asset. */
  public void withdrawUnique(Transaction tx, Asset asset, String transferId) throws SQLException {
    tx.update(
        "DELETE FROM unique_asset WHERE asset_class = ? AND asset_id = ? AND announced_by = ?",
        asset.getAssetClass(),
        id(asset),
        transferId);
  }

  /** Moves units from available to locked; false where there are too few or consent is missing. */
  public boolean lockUnits(Transaction tx, Asset asset, String owner) throws SQLException {
    return tx.update(
            """
            UPDATE balance SET available = available - ?, locked = locked + ?
            WHERE account = ? AND asset_class = ? AND available >= ?
              AND (? OR EXISTS (SELECT 1 FROM approval WHERE asset_class = ? AND account = ?))\
            """,
            amount(asset),
            amount(asset),
            owner,
            asset.getAssetClass(),
            amount(asset),
            isConsentImplicit,
            asset.getAssetClass(),
            owner)
        == 1;
  }

  /** Moves locked units back. */
  public void unlockUnits(Transaction tx, Asset asset, String owner) throws SQLException {
    require(
        tx.update(
            """
            UPDATE balance SET available = available + ?, locked = locked - ?
            WHERE account = ? AND asset_class = ?\
            """,
            amount(asset),
            amount(asset),
            owner,
            asset.getAssetClass()));
  }

  /** Takes locked units out of circulation. */
  public void extinguishUnits(Transaction tx, Asset asset, String owner) throws SQLException {
    require(
        tx.update(
            "UPDATE balance SET locked = locked - ? WHERE account = ? AND asset_class = ?",
            amount(asset),
            owner,
            asset.getAssetClass()));
  }

  /** Brings units into circulation. */
  public void addUnits(Transaction tx, Asset asset, String owner) throws SQLException {
    int added =
        tx.update(
            "UPDATE balance SET available = available + ? WHERE account = ? AND asset_class = ?",
            amount(asset),
            owner,
            asset.getAssetClass());
    if (added == 0) {
      // Another transaction may be faster with the same row: then this one runs again.
      tx.update(
          "INSERT INTO balance (account, asset_class, available, locked) VALUES (?, ?, ?, 0)",
          owner,
          asset.getAssetClass(),
          amount(asset));
    }
  }

  /** Brings a unique asset into circulation outside of any transfer. */
  public void addUnique(Transaction tx, Asset asset, String owner) throws SQLException {
    int added =
        tx.update(
            """
            INSERT INTO unique_asset (asset_class, asset_id, owner)
            SELECT name, CAST(? AS NUMERIC(78, 0)), CAST(? AS VARCHAR(256)) FROM asset_class
            WHERE name = ? AND NOT EXISTS
              (SELECT 1 FROM unique_asset WHERE asset_class = ? AND asset_id = ?)\
            """,
            id(asset),
            owner,
            asset.getAssetClass(),
            asset.getAssetClass(),
            id(asset));
    if (added == 0) {
      throw exists(asset);
    }
  }

  /** Takes a unique asset that no transfer holds out of circulation. */
  public void removeUnique(Transaction tx, Asset asset, String owner) throws SQLException {
    int removed =
        tx.update(
            """
            DELETE FROM unique_asset WHERE asset_class = ? AND asset_id = ? AND owner = ?
              AND (locked_by IS NULL OR lock_expiry <= ledger_millis())\
            """,
            asset.getAssetClass(),
            id(asset),
            owner);
    if (removed == 0) {
      requireFree(tx, asset, owner);
      throw Transaction.runAgain();
    }
  }

  /** Gives a unique asset that no transfer holds to another owner. */
  public void moveUnique(Transaction tx, Asset asset, String from, String to) throws SQLException {
    int moved =
        tx.update(
            """
            UPDATE unique_asset SET owner = ?, locked_by = NULL, lock_expiry = NULL
            WHERE asset_class = ? AND asset_id = ? AND owner = ?
              AND (locked_by IS NULL OR lock_expiry <= ledger_millis())\
            """,
            to,
            asset.getAssetClass(),
            id(asset),
            from);
    if (moved == 0) {
      requireFree(tx, asset, from);
      throw Transaction.runAgain();
    }
  }

  /** Records an owner's consent that gateways may lock what it holds of a class, or its end. */
  public void setApproval(Transaction tx, String assetClass, String owner, boolean isApproved)
      throws SQLException {
    // Withdrawn first in any case: then there is one row or none.
    tx.update("DELETE FROM approval WHERE asset_class = ? AND account = ?", assetClass, owner);
    if (isApproved) {
      tx.update("INSERT INTO approval (asset_class, account) VALUES (?, ?)", assetClass, owner);
    }
  }

  /** Takes available units out of circulation; false where there are too few. */
  public boolean removeUnits(Transaction tx, Asset asset, String owner) throws SQLException {
    return tx.update(
            """
            UPDATE balance SET available = available - ?
            WHERE account = ? AND asset_class = ? AND available >= ?\
            """,
            amount(asset),
            owner,
            asset.getAssetClass(),
            amount(asset))
        == 1;
  }

  /** Why units could not be locked. */
  public RefusedException whyUnitsNotLocked(Transaction tx, Asset asset, String owner)
      throws SQLException {
    requireUnits(tx, asset, owner);
    return consentMissing(tx, asset, owner);
  }

  /** Why units could not be taken by their owner or an operator. */
  public RefusedException whyUnitsNotTaken(Transaction tx, Asset asset, String owner)
      throws SQLException {
    requireUnits(tx, asset, owner);
    throw Transaction.runAgain();
  }

  private static void requireUnits(Transaction tx, Asset asset, String owner) throws SQLException {
    String available =
        tx.first(
                "SELECT available FROM balance WHERE account = ? AND asset_class = ?",
                row -> row.getBigDecimal(1).toBigInteger().toString(),
                owner,
                asset.getAssetClass())
            .orElse("0");
    if (new BigDecimal(available).compareTo(amount(asset)) < 0) {
      throw new RefusedException(
          Refusal.balanceTooLow(owner, asset.getAssetClass(), available, asset.getAmount()));
    }
  }

  private record UniqueRow(Optional<String> owner, boolean isLocked) {}

  /** Refuses an asset that is not here, not the owner's, or locked. */
  private static void requireFree(Transaction tx, Asset asset, String owner) throws SQLException {
    Optional<UniqueRow> found =
        tx.first(
            """
            SELECT owner, locked_by IS NOT NULL AND lock_expiry > ledger_millis()
            FROM unique_asset WHERE asset_class = ? AND asset_id = ?\
            """,
            row -> new UniqueRow(Optional.ofNullable(row.getString(1)), row.getBoolean(2)),
            asset.getAssetClass(),
            id(asset));
    if (found.isEmpty() || found.get().owner().isEmpty()) {
      throw new RefusedException(Refusal.assetUnknown(asset.getAssetClass(), asset.getAssetId()));
    }
    if (!found.get().owner().get().equals(owner)) {
      throw new RefusedException(
          Refusal.notOwned(owner, asset.getAssetClass(), asset.getAssetId()));
    }
    if (found.get().isLocked()) {
      throw new RefusedException(Refusal.locked(asset.getAssetClass(), asset.getAssetId()));
    }
  }

  private RefusedException consentMissing(Transaction tx, Asset asset, String owner)
      throws SQLException {
    if (isConsentImplicit || hasApproved(tx, asset.getAssetClass(), owner)) {
      // What stood against it is over since it was tried.
      throw Transaction.runAgain();
    }
    return new RefusedException(Refusal.notApproved(owner, asset.getAssetClass()));
  }

  private static boolean hasApproved(Transaction tx, String assetClass, String owner)
      throws SQLException {
    return tx.first(
            "SELECT 1 FROM approval WHERE asset_class = ? AND account = ?",
            row -> row.getInt(1),
            assetClass,
            owner)
        .isPresent();
  }

  private static RefusedException exists(Asset asset) {
    return new RefusedException(Refusal.assetExists(asset.getAssetClass(), asset.getAssetId()));
  }

  private static void require(int changed) {
    if (changed != 1) {
      throw new IllegalStateException("a balance with locked units is not in the table");
    }
  }

  private static BigDecimal id(Asset asset) {
    return decimal(asset, AssetKind.ASSET_KIND_UNIQUE, asset.getAssetId());
  }

  private static BigDecimal amount(Asset asset) {
    return decimal(asset, AssetKind.ASSET_KIND_FUNGIBLE, asset.getAmount());
  }

  private static BigDecimal decimal(Asset asset, AssetKind expected, String value) {
    if (asset.getKind() != expected) {
      throw new IllegalArgumentException("kind of asset: " + asset.getKind());
    }
    return new BigDecimal(value);
  }
}
