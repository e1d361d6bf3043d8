package org.odap.ledger.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.sql.journal.JournalBrokenException;
import org.odap.ledger.sql.journal.JournalReader;
import org.odap.runtime.ledger.conformance.TransferUnderTest;
import org.odap.runtime.rpc.OdapException;

/** The journal shows every change to it, and vouches for claims. */
@Tag("SD-2")
class JournalTest {
  private H2LedgerUnderTest ledger;
  private LedgerClaim announced;

  @BeforeEach
  void fill() throws IOException {
    ledger = H2LedgerUnderTest.open();
    for (int id = 1; id <= 3; id++) {
      ledger.mint(title(id), "alice");
    }
    announced =
        TransferUnderTest.done(TransferUnderTest.fresh(ledger).logIncoming(title(4), "bob"));
  }

  @AfterEach
  void close() {
    ledger.database().close();
  }

  private Asset title(int id) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(ledger.uniqueClass())
        .setAssetId(Integer.toString(id))
        .build();
  }

  private long audit() {
    return ledger.database().inTransaction(JournalReader::audit);
  }

  @Test
  void aWholeJournalHasEveryEffect() {
    // Two classes, three assets, one announcement.
    assertThat(audit()).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE journal SET body = REPLACE(body, 'alice', 'mallory') WHERE entry_number = 4",
        "UPDATE journal SET transaction_id = '00' WHERE entry_number = 4",
        "UPDATE journal SET epoch = epoch + 1 WHERE entry_number = 4",
        "UPDATE journal SET recorded_at = recorded_at + 1 WHERE entry_number = 4",
        "DELETE FROM journal WHERE entry_number = 4",
        "UPDATE journal SET entry_number = entry_number + 100 WHERE entry_number >= 4"
      })
  void aChangedEntryIsFound(String change) {
    int _ = ledger.database().inTransaction(tx -> tx.update(change));

    assertThatThrownBy(this::audit)
        .isInstanceOfSatisfying(
            JournalBrokenException.class, e -> assertThat(e.number()).isEqualTo(4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DELETE FROM journal WHERE entry_number = 6",
        "UPDATE journal_head SET entry_hash = '00' WHERE one = 1"
      })
  void aCutEndIsFound(String change) {
    int _ = ledger.database().inTransaction(tx -> tx.update(change));

    assertThatThrownBy(this::audit).isInstanceOf(JournalBrokenException.class);
  }

  @Test
  void aClaimIsProvenByItsEntry() {
    assertThat(ledger.adapter().verifyEvidence(announced))
        .contains("entry is in this ledger's journal");
    LedgerClaim elsewhere = announced.toBuilder().setDltSystem("register-of-others").build();
    assertWrong(elsewhere);
    assertWrong(announced.toBuilder().setAccount("mallory").build());
    assertWrong(announced.toBuilder().setBlockNumber(5).build());
    assertWrong(announced.toBuilder().setReference("00".repeat(32)).build());
    assertWrong(announced.toBuilder().setProof("{}").build());
    assertWrong(
        announced.toBuilder().setProof(announced.getProof().replace("bob", "mallory")).build());
  }

  @Test
  void aClaimFromAnotherHistoryIsNotInTheJournal() throws IOException {
    H2LedgerUnderTest other = H2LedgerUnderTest.open();
    try {
      LedgerClaim forged =
          TransferUnderTest.done(TransferUnderTest.fresh(other).logIncoming(title(4), "bob"));
      assertThat(other.adapter().verifyEvidence(forged)).isNotEmpty();
      assertWrong(forged);
    } finally {
      other.database().close();
    }
  }

  @Test
  void anUnknownFormatIsNotOffered() {
    LedgerClaim claim = announced.toBuilder().setProofFormat("urn:other").build();
    assertThatThrownBy(() -> ledger.adapter().verifyEvidence(claim))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED));
  }

  @Test
  void aRefusedStepLeavesNoEntry() {
    long before = audit();
    List<StepOutcome> refusals =
        List.of(
            TransferUnderTest.fresh(ledger).logIncoming(title(1), "bob"),
            TransferUnderTest.fresh(ledger).create(TransferUnderTest.AGREEMENT),
            ledger
                .adapter()
                .create(
                    CreateRequest.newBuilder()
                        .setRequestId("again")
                        .setAsset(title(1))
                        .setOwner("bob")
                        .build()));
    assertThat(refusals)
        .extracting(StepOutcome::getReason)
        .containsExactly(
            ErrorReason.ERROR_REASON_ASSET_EXISTS,
            ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER,
            ErrorReason.ERROR_REASON_ASSET_EXISTS);
    assertThat(audit()).isEqualTo(before);
  }

  private void assertWrong(LedgerClaim claim) {
    assertThatThrownBy(() -> ledger.adapter().verifyEvidence(claim))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_CLAIM_WRONG));
  }
}
