package org.odap.ledger.sql.asset;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.ledger.sql.database.RefusedException;
import org.odap.ledger.sql.database.Transaction;
import org.odap.runtime.ledger.Refusal;

/**
 * The classes of assets on the ledger. A class never changes or goes away, so what was seen once is
 * remembered.
 */
public final class AssetClasses {
  private final Map<String, AssetKind> seen = new ConcurrentHashMap<>();

  /** Refuses an asset whose class is unknown or of the other kind. */
  public void require(Transaction tx, Asset asset) throws SQLException {
    AssetKind kind = seen.get(asset.getAssetClass());
    if (kind == null) {
      kind = find(tx, asset.getAssetClass()).orElse(AssetKind.ASSET_KIND_UNSPECIFIED);
    }
    if (kind != asset.getKind()) {
      throw new RefusedException(Refusal.classUnknown(asset.getAssetClass()));
    }
  }

  /** Refuses a class that is unknown. */
  public void requireKnown(Transaction tx, String name) throws SQLException {
    if (!seen.containsKey(name) && find(tx, name).isEmpty()) {
      throw new RefusedException(ErrorReason.ERROR_REASON_ASSET_UNKNOWN, "no class " + name);
    }
  }

  /** The kind of a class, if there is such a class. */
  public Optional<AssetKind> find(Transaction tx, String name) throws SQLException {
    Optional<AssetKind> kind =
        tx.first(
            "SELECT kind FROM asset_class WHERE name = ?", row -> kind(row.getString(1)), name);
    kind.ifPresent(known -> seen.put(name, known));
    return kind;
  }

  /** The kind that the database names so. */
  public static AssetKind kind(String name) {
    return switch (name) {
      case "UNIQUE" -> AssetKind.ASSET_KIND_UNIQUE;
      case "FUNGIBLE" -> AssetKind.ASSET_KIND_FUNGIBLE;
      default -> throw new IllegalArgumentException("kind of asset: " + name);
    };
  }
}
