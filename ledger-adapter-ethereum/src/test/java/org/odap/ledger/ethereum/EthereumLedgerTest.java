package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.address;
import static org.odap.ledger.ethereum.escrow.EscrowCalls.encode;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.CreateRequest;
import org.odap.api.ledger.v1.DestroyRequest;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.InvokeRequest;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.api.ledger.v1.SubscribeRequest;
import org.odap.api.ledger.v1.SubscribeResponse;
import org.odap.api.ledger.v1.UnlockRequest;
import org.odap.api.ledger.v1.WriteRequest;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Receipt;
import org.odap.ledger.ethereum.development.Wallet;
import org.odap.ledger.ethereum.evidence.ReceiptEvidence;
import org.odap.ledger.ethereum.finality.FinalityRule;
import org.odap.runtime.ledger.LedgerSubscriber;
import org.odap.runtime.ledger.conformance.TransferUnderTest;
import org.odap.runtime.rpc.OdapException;
import org.web3j.abi.datatypes.generated.Uint256;

/** What is Ethereum's own behind the ledger contract; the rest is in the conformance suite. */
final class EthereumLedgerTest {
  private static Anvil anvil;
  private static AnvilLedger ledger;

  @BeforeAll
  static void start() {
    anvil = Anvil.start();
    ledger = new AnvilLedger(anvil, AnvilLedger.Options.standard());
  }

  @AfterAll
  static void stop() {
    ledger.close();
    anvil.close();
  }

  private static void assertReason(ErrorReason reason, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(OdapException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  @Tag("CARD-5")
  void anIdIsNotTakenForAnAmountNorTheOtherWayRound() {
    LockRequest lock = Requests.lockOfCash(ledger);
    Asset confused = lock.getAsset().toBuilder().setAssetClass(ledger.uniqueClass()).build();
    TransferUnderTest.refused(
        ledger.adapter().lock(lock.toBuilder().setAsset(confused).build()),
        ErrorReason.ERROR_REASON_ASSET_UNKNOWN);
  }

  @Test
  @Tag("CARD-5")
  void anAccountWithoutItsChecksumIsRefused() {
    LockRequest lock = Requests.lockOfCash(ledger);
    String lowerCase = lock.getOwner().toLowerCase(Locale.ROOT);
    StepOutcome outcome = ledger.adapter().lock(lock.toBuilder().setOwner(lowerCase).build());
    TransferUnderTest.refused(outcome, ErrorReason.ERROR_REASON_ACCOUNT_INVALID);
  }

  @Test
  @Tag("CARD-5")
  void evidenceHoldsTheBlockTheReceiptAndTheEvent() {
    LedgerClaim claim = TransferUnderTest.done(ledger.adapter().lock(Requests.lockOfCash(ledger)));
    ReceiptEvidence evidence = ReceiptEvidence.parse(claim.getProof()).orElseThrow();
    assertThat(evidence.isHeaderSelfConsistent()).isTrue();
    assertThat(evidence.header().path("hash").asString()).isEqualTo(claim.getBlockHash());
    assertThat(evidence.receipt().path("transactionHash").asString())
        .isEqualTo(claim.getTransactionId());
    assertThat(evidence.chainId()).isEqualTo("31337");
    assertThat(ledger.replica().verifyEvidence(claim))
        .hasSize(3)
        .first()
        .isEqualTo("block header has the block's hash");
  }

  @Test
  @Tag("CARD-5")
  void evidenceThatSaysAnotherThingIsRefused() {
    LedgerClaim claim = TransferUnderTest.done(ledger.adapter().lock(Requests.lockOfCash(ledger)));
    ErrorReason wrong = ErrorReason.ERROR_REASON_CLAIM_WRONG;
    for (LedgerClaim doctored :
        List.of(
            claim.toBuilder().setTransferId(UUID.randomUUID().toString()).build(),
            claim.toBuilder().setAccount(ledger.newAccount()).build(),
            claim.toBuilder().setLockExpiry(claim.getLockExpiry() + 1).build(),
            claim.toBuilder().setTransactionId("0x" + "0".repeat(64)).build(),
            claim.toBuilder().setBlockNumber(claim.getBlockNumber() + 1).build(),
            claim.toBuilder().setReference("cd".repeat(32)).build(),
            claim.toBuilder().setProof("{}").build(),
            claim.toBuilder().setProof("not JSON").build(),
            claim.toBuilder().setProof(claim.getProof().replace("31337", "31338")).build())) {
      assertReason(wrong, () -> ledger.adapter().verifyEvidence(doctored));
    }
    assertReason(
        ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED,
        () ->
            ledger
                .adapter()
                .verifyEvidence(claim.toBuilder().setDltSystem("another-chain").build()));
  }

  @Test
  @Tag("CARD-5")
  void createsAndDestroysOutsideOfTransfersOncePerRequest() {
    Asset title = Requests.title(ledger);
    String owner = ledger.newAccount();
    CreateRequest create =
        CreateRequest.newBuilder()
            .setRequestId(UUID.randomUUID().toString())
            .setAsset(title)
            .setOwner(owner)
            .build();
    LedgerClaim created = TransferUnderTest.done(ledger.adapter().create(create));
    assertThat(TransferUnderTest.done(ledger.replica().create(create)).getTransactionId())
        .isEqualTo(created.getTransactionId());
    assertThat(ledger.owner(title)).contains(owner);
    TransferUnderTest.refused(
        ledger.adapter().create(create.toBuilder().setRequestId("another").build()),
        ErrorReason.ERROR_REASON_ASSET_EXISTS);
    TransferUnderTest.refused(
        ledger.adapter().create(create.toBuilder().setOwner(ledger.newAccount()).build()),
        ErrorReason.ERROR_REASON_STEP_CONFLICT);

    DestroyRequest destroy =
        DestroyRequest.newBuilder()
            .setRequestId(UUID.randomUUID().toString())
            .setAsset(title)
            .setOwner(owner)
            .build();
    TransferUnderTest.refused(
        ledger.adapter().destroy(destroy), ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);
    ledger.approve(title, owner);
    TransferUnderTest.done(ledger.adapter().destroy(destroy));
    assertThat(ledger.owner(title)).isEmpty();
  }

  @Test
  @Tag("CARD-5")
  void anAccountsHoldingsAreFreeAndLockedOnes() {
    LockRequest lock = Requests.lockOfCash(ledger);
    ledger.mint(Requests.cash(ledger, 2), lock.getOwner());
    Asset title = Requests.title(ledger);
    ledger.mint(title, lock.getOwner());
    TransferUnderTest.done(ledger.adapter().lock(lock));

    List<Holding> holdings =
        ledger
            .adapter()
            .read(ReadRequest.newBuilder().setAccount(lock.getOwner()).build())
            .getHoldingsList();

    assertThat(holdings)
        .extracting(Holding::getKind, Holding::getState, Holding::getAssetId, Holding::getAmount)
        .containsExactlyInAnyOrder(
            tuple(
                AssetKind.ASSET_KIND_UNIQUE,
                RecordState.RECORD_STATE_AVAILABLE,
                title.getAssetId(),
                ""),
            tuple(AssetKind.ASSET_KIND_FUNGIBLE, RecordState.RECORD_STATE_AVAILABLE, "", "2"),
            tuple(AssetKind.ASSET_KIND_FUNGIBLE, RecordState.RECORD_STATE_LOCKED, "", "40"));
  }

  @Test
  @Tag("CARD-5")
  void aTransactionCanBeReadByItsHash() {
    LedgerClaim claim = TransferUnderTest.done(ledger.adapter().lock(Requests.lockOfCash(ledger)));
    ReadRequest read = ReadRequest.newBuilder().setLocation(claim.getTransactionId()).build();
    assertThat(ledger.adapter().read(read).getValue()).contains(claim.getBlockHash());
  }

  @Test
  @Tag("CARD-5")
  void aSubscriberSeesTheStepsOfItsTransferAgainFromACursor() {
    LockRequest lock = Requests.lockOfCash(ledger);
    String start = anvil.chain().blockNumber() + "-0";
    TransferUnderTest.done(ledger.adapter().lock(lock));
    TransferUnderTest.done(ledger.adapter().lock(Requests.lockOfCash(ledger)));
    TransferUnderTest.done(
        ledger.adapter().unlock(UnlockRequest.newBuilder().setKey(lock.getKey()).build()));

    String transferId = lock.getKey().getTransferId();
    List<SubscribeResponse> events = eventsFrom(start, transferId);
    assertThat(events)
        .extracting(SubscribeResponse::getEvent)
        .containsExactly("Locked", "Unlocked");
    assertThat(events).allSatisfy(e -> assertThat(e.getTransferId()).isEqualTo(transferId));
    assertThat(events).allSatisfy(e -> assertThat(e.getFinality().getFinal()).isTrue());
    assertThat(eventsFrom(events.getFirst().getCursor(), transferId))
        .containsExactly(events.getLast());
    assertReason(ErrorReason.ERROR_REASON_FIELD_INVALID, () -> eventsFrom("yesterday", transferId));
  }

  /** All events there are now. */
  private static List<SubscribeResponse> eventsFrom(String cursor, String location) {
    List<SubscribeResponse> events = new ArrayList<>();
    ledger
        .adapter()
        .subscribe(
            SubscribeRequest.newBuilder().setCursor(cursor).setLocation(location).build(),
            new LedgerSubscriber() {
              @Override
              public boolean send(SubscribeResponse event) {
                events.add(event);
                return true;
              }

              @Override
              public boolean pause(Duration time) {
                return false;
              }
            });
    return events;
  }

  @Test
  @Tag("CARD-5")
  void aNativeTransactionIsPassedOnAndRubbishIsRefused() {
    Wallet owner = Wallet.funded(anvil.chain());
    String signed =
        owner.signedCall(
            ledger.contracts().cash(),
            encode("approve", address(ledger.contracts().escrow()), new Uint256(BigInteger.ONE)));
    ByteString transaction = ByteString.fromHex(signed.substring(2));
    LedgerClaim claim = TransferUnderTest.done(ledger.adapter().submitNative(transaction));
    assertThat(claim.getFinality().getFinal()).isTrue();
    assertThat(anvil.chain().receipt(claim.getTransactionId()).orElseThrow().succeeded()).isTrue();

    // In its block its nonce is used up: the same bytes again still are that transaction.
    LedgerClaim again = TransferUnderTest.done(ledger.replica().submitNative(transaction));
    assertThat(again.getTransactionId()).isEqualTo(claim.getTransactionId());

    TransferUnderTest.refused(
        ledger.adapter().submitNative(ByteString.copyFromUtf8("rubbish")),
        ErrorReason.ERROR_REASON_LEDGER_REFUSED);
  }

  @Test
  @Tag("ODAP-12")
  @Tag("ODAP-13")
  void aNativeTransactionIsSubmittedUntilItsBlockIsFinal() {
    Wallet owner = Wallet.funded(anvil.chain());
    ByteString transaction =
        ByteString.fromHex(
            owner
                .signedCall(
                    ledger.contracts().cash(),
                    encode(
                        "approve",
                        address(ledger.contracts().escrow()),
                        new Uint256(BigInteger.ONE)))
                .substring(2));
    AnvilLedger.Options impatient =
        AnvilLedger.Options.standard()
            .with(new FinalityRule.Confirmations(2))
            .waitingAtMost(Duration.ofMillis(100));
    try (AnvilLedger slow = new AnvilLedger(anvil, impatient, ledger.contracts())) {
      StepOutcome first = slow.adapter().submitNative(transaction);
      assertThat(first.getState()).isEqualTo(SubmissionState.SUBMISSION_STATE_SUBMITTED);
      assertThat(first.getClaim().getFinality().getFinal()).isFalse();
      anvil.mine(2);

      LedgerClaim claim = TransferUnderTest.done(slow.adapter().submitNative(transaction));

      assertThat(claim.getTransactionId()).isEqualTo(first.getHandle());
      assertThat(claim.getFinality().getConfirmations()).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  @Tag("ODAP-13")
  void aNativeTransactionThatIsRevertedHasFailed() {
    Uint256 all = new Uint256(BigInteger.TEN);
    Address cash = ledger.contracts().cash();
    Wallet owner = Wallet.funded(anvil.chain());
    Wallet other = Wallet.funded(anvil.chain());
    ledger.contracts().mintCash(owner.address(), BigInteger.TEN);
    Receipt _ = owner.call(cash, encode("approve", address(other.address()), all));
    String signed =
        owner.signedCall(cash, encode("transfer", address(ledger.contracts().escrow()), all));
    // What it was signed on has changed when it comes.
    Receipt _ =
        other.call(
            cash, encode("transferFrom", address(owner.address()), address(other.address()), all));

    TransferUnderTest.refused(
        ledger.adapter().submitNative(ByteString.fromHex(signed.substring(2))),
        ErrorReason.ERROR_REASON_LEDGER_REFUSED);
    assertThat(ledger.balance(ledger.fungibleClass(), other.address().text()))
        .isEqualTo(BigInteger.TEN);
  }

  @Test
  @Tag("CARD-5")
  void whatThisLedgerDoesNotOfferIsSaid() {
    ErrorReason unsupported = ErrorReason.ERROR_REASON_CAPABILITY_UNSUPPORTED;
    assertReason(unsupported, () -> ledger.adapter().write(WriteRequest.getDefaultInstance()));
    assertReason(unsupported, () -> ledger.adapter().invoke(InvokeRequest.getDefaultInstance()));
    assertThat(ledger.adapter().describe().getCapabilitiesList()).doesNotContain("WRITE", "INVOKE");
  }
}
