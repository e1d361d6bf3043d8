package org.odap.ledger.sql.action;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.ReadResponse;
import org.odap.api.ledger.v1.RecordState;
import org.odap.ledger.sql.database.Transaction;
import org.odap.ledger.sql.instruction.AccountKeys;
import org.odap.ledger.sql.journal.SqlEvidence;
import org.odap.runtime.rpc.OdapException;

/** READ (ODAP 5.10.9). What an expired lock held is shown as available: it is. */
public final class LedgerReader {
  /** Bound of ReadResponse.holdings. */
  private static final int HOLDINGS_MAX = 1_000;

  private static final String UNIQUE =
      """
      SELECT asset_class, asset_id, owner, locked_by, lock_expiry, lock_expiry <= ledger_millis()
      FROM unique_asset WHERE owner IS NOT NULL\
      """;
  private static final String AVAILABLE =
      """
      SELECT b.asset_class, b.account, b.available + COALESCE((
          SELECT SUM(t.amount) FROM transfer_record t
          WHERE t.account = b.account AND t.asset_class = b.asset_class AND t.state = 'LOCKED'
            AND t.lock_expiry <= ledger_millis()), 0)
      FROM balance b WHERE b.account = ?\
      """;
  private static final String LOCKED =
      """
      SELECT asset_class, account, amount, transfer_id, lock_expiry FROM transfer_record
      WHERE state = 'LOCKED' AND amount IS NOT NULL AND lock_expiry > ledger_millis()
        AND account = ?\
      """;

  private LedgerReader() {}

  /** Answers the question. */
  public static ReadResponse read(Transaction tx, ReadRequest request) throws SQLException {
    ReadResponse.Builder answer = ReadResponse.newBuilder().setFinality(SqlEvidence.finality());
    if (request.hasAsset() && request.getAsset().getKind() == AssetKind.ASSET_KIND_UNIQUE) {
      return answer.addHoldings(unique(tx, request)).build();
    }
    if (request.hasAsset()) {
      return answer
          .addAllHoldings(
              units(tx, request.getAccount(), Optional.of(request.getAsset().getAssetClass())))
          .build();
    }
    if (!request.getAccount().isEmpty()) {
      List<Holding> all = units(tx, request.getAccount(), Optional.empty());
      all.addAll(
          tx.all(
              UNIQUE + " AND owner = ? ORDER BY asset_class, asset_id LIMIT ?",
              LedgerReader::uniqueHolding,
              request.getAccount(),
              HOLDINGS_MAX));
      return answer.addAllHoldings(all.subList(0, Math.min(all.size(), HOLDINGS_MAX))).build();
    }
    return answer.setValue(value(tx, Location.parse(request.getLocation()))).build();
  }

  private static Holding unique(Transaction tx, ReadRequest request) throws SQLException {
    return tx.first(
            UNIQUE + " AND asset_class = ? AND asset_id = ?",
            LedgerReader::uniqueHolding,
            request.getAsset().getAssetClass(),
            new BigDecimal(request.getAsset().getAssetId()))
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_ASSET_UNKNOWN,
                "no asset " + request.getAsset().getAssetId() + " in circulation here"));
  }

  private static List<Holding> units(Transaction tx, String account, Optional<String> assetClass)
      throws SQLException {
    String which = assetClass.isPresent() ? "asset_class = ?" : "asset_class <> ?";
    String name = assetClass.orElse("");
    List<Holding> holdings = new ArrayList<>();
    holdings.addAll(
        tx.all(
            AVAILABLE + " AND b." + which + " ORDER BY b.asset_class LIMIT ?",
            LedgerReader::availableHolding,
            account,
            name,
            HOLDINGS_MAX));
    holdings.addAll(
        tx.all(
            LOCKED + " AND " + which + " ORDER BY asset_class, transfer_id LIMIT ?",
            LedgerReader::lockedHolding,
            account,
            name,
            HOLDINGS_MAX));
    return holdings;
  }

  private static String value(Transaction tx, Location location) throws SQLException {
    return switch (location) {
      case Location.AssetClass place ->
          tx.first(
                  "SELECT kind FROM asset_class WHERE name = ?",
                  row -> "{\"kind\":\"" + row.getString(1) + "\"}",
                  place.name())
              .orElseThrow(LedgerReader::nothingThere);
      case Location.Approval place ->
          "{\"approved\":"
              + tx.first(
                      "SELECT 1 FROM approval WHERE asset_class = ? AND account = ?",
                      row -> row.getInt(1),
                      place.assetClass(),
                      place.account())
                  .isPresent()
              + "}";
      case Location.AccountKey place ->
          AccountKeys.find(tx, place.account())
              .map(key -> "{\"public_key\":\"" + key + "\"}")
              .orElseThrow(LedgerReader::nothingThere);
      case Location.Document place ->
          tx.first(
                  "SELECT content FROM document WHERE location = ?",
                  row -> row.getString(1),
                  place.name())
              .orElseThrow(LedgerReader::nothingThere);
    };
  }

  private static OdapException nothingThere() {
    return new OdapException(ErrorReason.ERROR_REASON_ASSET_UNKNOWN, "nothing at this location");
  }

  private static Holding uniqueHolding(ResultSet row) throws SQLException {
    Holding.Builder holding =
        Holding.newBuilder()
            .setKind(AssetKind.ASSET_KIND_UNIQUE)
            .setAssetClass(row.getString(1))
            .setAssetId(row.getBigDecimal(2).toBigInteger().toString())
            .setAccount(row.getString(3))
            .setState(RecordState.RECORD_STATE_AVAILABLE);
    String lockedBy = row.getString(4);
    if (lockedBy != null && !row.getBoolean(6)) {
      holding
          .setState(RecordState.RECORD_STATE_LOCKED)
          .setTransferId(lockedBy)
          .setLockExpiry(row.getLong(5));
    }
    return holding.build();
  }

  private static Holding availableHolding(ResultSet row) throws SQLException {
    return unitsHolding(row).setState(RecordState.RECORD_STATE_AVAILABLE).build();
  }

  private static Holding lockedHolding(ResultSet row) throws SQLException {
    return unitsHolding(row)
        .setState(RecordState.RECORD_STATE_LOCKED)
        .setTransferId(row.getString(4))
        .setLockExpiry(row.getLong(5))
        .build();
  }

  private static Holding.Builder unitsHolding(ResultSet row) throws SQLException {
    return Holding.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(row.getString(1))
        .setAccount(row.getString(2))
        .setAmount(row.getBigDecimal(3).toBigInteger().toString());
  }
}
