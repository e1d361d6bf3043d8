package org.odap.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.runtime.ledger.conformance.TransferUnderTest;
import org.odap.runtime.rpc.OdapException;

/** CREATE, WRITE, DESTROY and READ (ODAP 5.10) on a SQL ledger. */
@Tag("ODAP-11")
class OperatorActionsTest {
  private H2LedgerUnderTest ledger;

  @BeforeEach
  void open() throws IOException {
    ledger = H2LedgerUnderTest.open();
  }

  @AfterEach
  void close() {
    ledger.database().close();
  }

  private Asset title(String id) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(ledger.uniqueClass())
        .setAssetId(id)
        .build();
  }

  private Asset cash(String amount) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(ledger.fungibleClass())
        .setAmount(amount)
        .build();
  }

  private StepOutcome create(String requestId, Asset asset, String owner) {
    return ledger
        .adapter()
        .create(
            CreateRequest.newBuilder()
                .setRequestId(requestId)
                .setAsset(asset)
                .setOwner(owner)
                .build());
  }

  private StepOutcome destroy(String requestId, Asset asset, String owner) {
    return ledger
        .adapter()
        .destroy(
            DestroyRequest.newBuilder()
                .setRequestId(requestId)
                .setAsset(asset)
                .setOwner(owner)
                .build());
  }

  private StepOutcome write(String requestId, String location, String value) {
    return ledger
        .adapter()
        .write(
            WriteRequest.newBuilder()
                .setRequestId(requestId)
                .setLocation(location)
                .setValue(value)
                .build());
  }

  private String read(String location) {
    return ledger.adapter().read(ReadRequest.newBuilder().setLocation(location).build()).getValue();
  }

  private long later() {
    return ledger.adapter().describe().getLedgerTime() + 60_000;
  }

  @Test
  void aRepeatOfARequestHasNoSecondEffect() {
    StepOutcome first = create("r1", cash("5"), "alice");

    assertThat(create("r1", cash("5"), "alice")).isEqualTo(first);
    assertThat(ledger.balance("cash", "alice")).isEqualTo(5);
    assertThat(destroy("r2", cash("2"), "alice")).isEqualTo(destroy("r2", cash("2"), "alice"));
    assertThat(ledger.balance("cash", "alice")).isEqualTo(3);
  }

  @Test
  void aRequestIdIsForOneRequest() {
    SqlLedgerUnderTest.done(create("r1", cash("5"), "alice"));

    assertReused(() -> create("r1", cash("6"), "alice"));
    assertReused(() -> destroy("r1", cash("5"), "alice"));
    assertReused(() -> write("r1", "data/x", "1"));
    assertThat(ledger.balance("cash", "alice")).isEqualTo(5);
  }

  @Test
  void whatCanNotBeCreatedIsRefused() {
    SqlLedgerUnderTest.done(create("r1", title("1"), "alice"));

    TransferUnderTest.refused(
        create("r2", title("1"), "bob"), ErrorReason.ERROR_REASON_ASSET_EXISTS);
    TransferUnderTest.refused(
        create("r3", title("2"), "no account"), ErrorReason.ERROR_REASON_ACCOUNT_INVALID);
    TransferUnderTest.refused(
        create("r4", title("2").toBuilder().setAssetClass("cash").build(), "bob"),
        ErrorReason.ERROR_REASON_ASSET_UNKNOWN);
  }

  @Test
  void whatATransferHoldsCanNotBeDestroyed() {
    ledger.mint(title("1"), "alice");
    ledger.approve(title("1"), "alice");
    ledger.mint(cash("5"), "alice");
    ledger.approve(cash("5"), "alice");
    long expiry = later();
    TransferUnderTest.done(TransferUnderTest.fresh(ledger).lock(title("1"), "alice", expiry));
    TransferUnderTest.done(TransferUnderTest.fresh(ledger).lock(cash("4"), "alice", expiry));

    TransferUnderTest.refused(
        destroy("r1", title("1"), "alice"), ErrorReason.ERROR_REASON_ASSET_LOCKED);
    TransferUnderTest.refused(
        destroy("r2", cash("2"), "alice"), ErrorReason.ERROR_REASON_BALANCE_TOO_LOW);
    TransferUnderTest.refused(
        destroy("r3", title("1"), "bob"), ErrorReason.ERROR_REASON_ASSET_NOT_OWNED);

    ledger.advancePast(expiry);
    SqlLedgerUnderTest.done(destroy("r4", title("1"), "alice"));
    SqlLedgerUnderTest.done(destroy("r5", cash("5"), "alice"));
    assertThat(ledger.supply("title")).isZero();
    assertThat(ledger.supply("cash")).isZero();
  }

  @Test
  void consentCanBeWithdrawn() {
    ledger.mint(title("1"), "alice");
    SqlLedgerUnderTest.done(write("r1", "approvals/title/alice", "{\"approved\":true}"));
    assertThat(read("approvals/title/alice")).isEqualTo("{\"approved\":true}");
    SqlLedgerUnderTest.done(write("r2", "approvals/title/alice", "{\"approved\":false}"));
    assertThat(read("approvals/title/alice")).isEqualTo("{\"approved\":false}");

    TransferUnderTest.refused(
        TransferUnderTest.fresh(ledger).lock(title("1"), "alice", later()),
        ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);
  }

  @Test
  void implicitConsentNeedsNoApproval() {
    ledger.mint(title("1"), "alice");
    ledger.mint(cash("5"), "alice");
    SqlLedger lenient =
        new SqlLedger(SqlLedgerUnderTest.DLT, ledger.database(), true, new SimpleMeterRegistry());

    List<StepOutcome> locks =
        List.of(lenient.lock(lockOf(title("1"))), lenient.lock(lockOf(cash("5"))));

    assertThat(locks).allSatisfy(SqlLedgerUnderTest::done);
  }

  @Test
  void dataIsWrittenOverAndRead() {
    SqlLedgerUnderTest.done(write("r1", "data/rates/eur", "{\"usd\":1}"));
    SqlLedgerUnderTest.done(write("r2", "data/rates/eur", "{\"usd\":2}"));

    assertThat(read("data/rates/eur")).isEqualTo("{\"usd\":2}");
    assertThat(read("classes/title")).isEqualTo("{\"kind\":\"UNIQUE\"}");
  }

  @Test
  void theKindOfAClassNeverChanges() {
    TransferUnderTest.refused(
        write("r1", "classes/title", "{\"kind\":\"FUNGIBLE\"}"),
        ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    SqlLedgerUnderTest.done(write("r2", "classes/title", "{\"kind\":\"UNIQUE\"}"));
  }

  @Test
  void otherPlacesAndMalformedValuesAreRefused() {
    for (String location :
        List.of("classes", "classes/", "classes/a/b", "approvals/title", "data", "data/", "x/y")) {
      assertInvalid(() -> write("r", location, "{}"), "location");
    }
    assertInvalid(() -> write("r", "classes/new", "{\"kind\":\"OTHER\"}"), "value");
    assertInvalid(() -> write("r", "approvals/title/alice", "{}"), "value");
  }

  @Test
  void anAccountsHoldingsShowWhatIsFreeAndWhatIsLocked() {
    ledger.mint(title("1"), "alice");
    ledger.mint(cash("5"), "alice");
    ledger.approve(cash("5"), "alice");
    TransferUnderTest transfer = TransferUnderTest.fresh(ledger);
    long expiry = later();
    TransferUnderTest.done(transfer.lock(cash("2"), "alice", expiry));

    assertThat(holdings())
        .extracting(Holding::getAssetClass, Holding::getAmount, Holding::getState)
        .containsExactly(
            tuple("cash", "3", RecordState.RECORD_STATE_AVAILABLE),
            tuple("cash", "2", RecordState.RECORD_STATE_LOCKED),
            tuple("title", "", RecordState.RECORD_STATE_AVAILABLE));
    assertThat(holdings().get(1).getTransferId()).isEqualTo(transfer.id());

    ledger.advancePast(expiry);
    assertThat(holdings())
        .extracting(Holding::getAssetClass, Holding::getAmount)
        .containsExactly(tuple("cash", "5"), tuple("title", ""));
  }

  private List<Holding> holdings() {
    return ledger
        .adapter()
        .read(ReadRequest.newBuilder().setAccount("alice").build())
        .getHoldingsList();
  }

  private LockRequest lockOf(Asset asset) {
    return LockRequest.newBuilder()
        .setKey(StepKey.newBuilder().setTransferId(UUID.randomUUID().toString()).setEpoch(1))
        .setAsset(asset)
        .setOwner("alice")
        .setLockExpiry(later())
        .setReference(TransferUnderTest.AGREEMENT)
        .build();
  }

  private static void assertReused(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_REQUEST_ID_REUSED));
  }

  private static void assertInvalid(Runnable call, String field) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.fieldViolations().getFirst().field()).isEqualTo(field));
  }
}
