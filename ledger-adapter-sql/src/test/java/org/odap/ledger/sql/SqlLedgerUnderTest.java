package org.odap.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.UUID;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.sql.database.Database;
import org.odap.ledger.sql.database.Transaction;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.ledger.conformance.LedgerUnderTest;

/** A SQL ledger for tests, on either database; supply is counted in its tables. */
abstract class SqlLedgerUnderTest implements LedgerUnderTest {
  static final String DLT = "register-of-tests";

  private final Database database;
  private final SqlLedger first;
  private final SqlLedger second;

  SqlLedgerUnderTest(Database database) {
    this.database = database;
    this.first = new SqlLedger(DLT, database, false, new SimpleMeterRegistry());
    this.second = new SqlLedger(DLT, database, false, new SimpleMeterRegistry());
    write("classes/" + uniqueClass(), "{\"kind\":\"UNIQUE\"}");
    write("classes/" + fungibleClass(), "{\"kind\":\"FUNGIBLE\"}");
  }

  Database database() {
    return database;
  }

  /** Puts the database's clock forward. */
  abstract void setClockAhead(Transaction tx, long millis) throws java.sql.SQLException;

  @Override
  public LedgerAdapter adapter() {
    return first;
  }

  @Override
  public LedgerAdapter replica() {
    return second;
  }

  @Override
  public String uniqueClass() {
    return "title";
  }

  @Override
  public String fungibleClass() {
    return "cash";
  }

  @Override
  public String unknownClass() {
    return "unheard-of";
  }

  @Override
  public String newAccount() {
    return "account-" + UUID.randomUUID();
  }

  @Override
  public String malformedAccount() {
    return "somebody else/in another register";
  }

  @Override
  public void mint(Asset asset, String owner) {
    done(
        first.create(
            CreateRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setAsset(asset)
                .setOwner(owner)
                .build()));
  }

  @Override
  public void approve(Asset asset, String owner) {
    write("approvals/" + asset.getAssetClass() + "/" + owner, "{\"approved\":true}");
  }

  @Override
  public void advancePast(long instant) {
    long ahead = instant - first.describe().getLedgerTime() + 1;
    database.inTransaction(tx -> {
      setClockAhead(tx, ahead);
      return ahead;
    });
  }

  @Override
  public int raceRounds() {
    return 20;
  }

  @Override
  public BigInteger supply(String assetClass) {
    String sql =
        assetClass.equals(uniqueClass())
            ? "SELECT COUNT(*) FROM unique_asset WHERE owner IS NOT NULL AND asset_class = ?"
            : "SELECT COALESCE(SUM(available + locked), 0) FROM balance WHERE asset_class = ?";
    BigDecimal supply =
        database.inTransaction(
            tx -> tx.first(sql, row -> row.getBigDecimal(1), assetClass).orElseThrow());
    return supply.toBigInteger();
  }

  @Override
  public BigInteger balance(String assetClass, String account) {
    ReadRequest question =
        ReadRequest.newBuilder()
            .setAsset(
                Asset.newBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAssetClass(assetClass))
            .setAccount(account)
            .build();
    return first.read(question).getHoldingsList().stream()
        .filter(holding -> holding.getState() == RecordState.RECORD_STATE_AVAILABLE)
        .map(Holding::getAmount)
        .map(BigInteger::new)
        .reduce(BigInteger.ZERO, BigInteger::add);
  }

  @Override
  public Optional<String> owner(Asset asset) {
    return database.inTransaction(tx ->
        tx.first(
            "SELECT owner FROM unique_asset"
                + " WHERE owner IS NOT NULL AND asset_class = ? AND asset_id = ?",
            row -> row.getString(1),
            asset.getAssetClass(),
            new BigDecimal(asset.getAssetId())));
  }

  void write(String location, String value) {
    done(
        first.write(
            WriteRequest.newBuilder()
                .setRequestId(UUID.randomUUID().toString())
                .setLocation(location)
                .setValue(value)
                .build()));
  }

  static void done(StepOutcome outcome) {
    assertThat(outcome.getState())
        .as(outcome.getDescription())
        .isEqualTo(SubmissionState.SUBMISSION_STATE_DONE);
  }
}
