package org.odap.cli.demo;

import java.math.BigInteger;
import java.util.List;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.storage.v1.EvidenceBundle;
import org.odap.cli.system.AssetNames;
import org.odap.cli.terminal.TextTable;

/**
 * The main job on real ledgers: a unique asset goes over, then an amount, then the unique asset
 * comes back; all three in relay mode (ODAP 4.6), each proven by its evidence.
 */
final class RelayDemo implements Demo {
  private static final String TITLE = "1001";
  private static final BigInteger CASH = BigInteger.valueOf(1_000);
  private static final BigInteger MOVED = BigInteger.valueOf(250);

  private final Stage stage;
  private final DemoSide alpha;
  private final DemoSide beta;

  RelayDemo(Stage stage) {
    this.stage = stage;
    this.alpha = stage.alpha();
    this.beta = stage.beta();
  }

  @Override
  public void run() throws InterruptedException {
    endow();
    BigInteger supply = totalCash();
    holdings("Before");

    Asset amount =
        Asset.newBuilder()
            .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
            .setAmount(MOVED.toString())
            .build();
    EvidenceBundle _ =
        stage.transfer(
            "A land title goes over", alpha, beta, AssetNames.TITLE_PROFILE, Stage.title(TITLE));
    stage.onOnly(TITLE, beta, alpha);
    EvidenceBundle _ =
        stage.transfer("Cash goes over", alpha, beta, AssetNames.CASH_PROFILE, amount);
    stage.point(
        MOVED + " of the cash is with " + beta.holder() + " on " + beta.ledger().name(),
        beta.ledger().cash(beta.holder()).equals(MOVED));
    EvidenceBundle _ =
        stage.transfer(
            "The land title comes back", beta, alpha, AssetNames.TITLE_PROFILE, Stage.title(TITLE));
    stage.onOnly(TITLE, alpha, beta);
    stage.point(
        "Both ledgers together hold as much cash as before: " + supply, totalCash().equals(supply));

    holdings("After");
  }

  /** Ledgers start empty. */
  private void endow() {
    alpha.ledger().issueTitle(TITLE, alpha.holder());
    alpha.ledger().issueCash(CASH.toString(), alpha.holder());
    alpha.ledger().approve();
    beta.ledger().approve();
  }

  private BigInteger totalCash() {
    return alpha.ledger().cash(alpha.holder()).add(beta.ledger().cash(beta.holder()));
  }

  private void holdings(String when) {
    stage.heading(when);
    TextTable table = new TextTable("ledger", "account", "land title", "cash");
    for (DemoSide side : List.of(alpha, beta)) {
      table.row(
          side.ledger().name(),
          side.holder(),
          Stage.owns(side, TITLE) ? "no. " + TITLE : "none",
          side.ledger().cash(side.holder()));
    }
    stage.table(table);
  }
}
