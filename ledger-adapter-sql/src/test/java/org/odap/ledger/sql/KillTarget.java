package org.odap.ledger.sql;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.sql.database.Database;
import org.odap.ledger.sql.database.DatabaseConfig;
import org.odap.runtime.ledger.References;

/** A process that does step after step and says which are done, until it is killed. */
final class KillTarget {
  static final String OWNER = "alice";

  private KillTarget() {}

  static DatabaseConfig database(String jdbcUrl) {
    return new DatabaseConfig(jdbcUrl, Optional.empty(), Optional.empty(), 4);
  }

  /** One unit of cash. */
  static Asset unit() {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass("cash")
        .setAmount("1")
        .build();
  }

  /** {@code <jdbc url>}. */
  public static void main(String... args) throws Exception {
    SqlLedger ledger =
        new SqlLedger(
            "register", Database.open(database(args[0])), true, new SimpleMeterRegistry());
    long expiry = ledger.describe().getLedgerTime() + 3_600_000;
    while (true) {
      String transferId = UUID.randomUUID().toString();
      StepOutcome outcome =
          ledger.lock(
              LockRequest.newBuilder()
                  .setKey(StepKey.newBuilder().setTransferId(transferId).setEpoch(1))
                  .setAsset(unit())
                  .setOwner(OWNER)
                  .setLockExpiry(expiry)
                  .setReference(References.to("agreement"))
                  .build());
      System.out.println(transferId + " " + outcome.getClaim().getTransactionId());
    }
  }
}
