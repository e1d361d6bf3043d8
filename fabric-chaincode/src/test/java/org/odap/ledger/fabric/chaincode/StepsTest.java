package org.odap.ledger.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.ledger.fabric.chaincode.Actors.COINS;
import static org.odap.ledger.fabric.chaincode.Actors.DEEDS;
import static org.odap.ledger.fabric.chaincode.Actors.OTHER_REFERENCE;
import static org.odap.ledger.fabric.chaincode.Actors.REFERENCE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the steps do, answer, tell, and leave on the ledger (ARCH 7, 8). */
class StepsTest {
  private static final String ANCHOR = "3:" + "c".repeat(64);

  private final Actors actors = new Actors().withAlicesAssets();
  private final InMemoryChannel channel = actors.channel;
  private final Transfer transfer = Transfer.of(actors);

  @Test
  @Tag("ARCH-1")
  void theSendersSideOfAUniqueAsset() {
    String expiry = actors.expiry();
    ObjectNode lock = transfer.anchoredAt(ANCHOR).lock(DEEDS, "7", actors.alicesAccount, expiry);
    ObjectNode extinguished = transfer.inEpoch("5").finalizeLock();
    ObjectNode located = transfer.inEpoch("5").recordLocation("0x1");

    assertThat(lock.toString())
        .isEqualTo(
            """
            {"anchor":"%s","reference":"%s","step":"LOCK","timestamp":"%s",\
            "transactionId":"tx7","transferId":"%s"}\
            """
                .formatted(ANCHOR, REFERENCE, channel.now(), transfer.id()));
    assertThat(extinguished.get("transactionId").asText()).isEqualTo("tx8");
    assertThat(located.get("remoteTransactionId").asText()).isEqualTo("0x1");
    assertThat(transfer.record())
        .isEqualTo(
            """
            {"incoming":null,"outgoing":{"assetClass":"deeds","epoch":"5","idOrAmount":"7",\
            "kind":"UNIQUE","lockExpiry":"%1$s","mspId":"AlphaMSP","owner":"AlphaMSP/alice",\
            "state":"EXTINGUISHED","steps":{\
            "LOCK":{"anchor":"%4$s","reference":"%2$s","timestamp":"%3$s","transactionId":"tx7"},\
            "FINALIZE_LOCK":{"anchor":"","reference":"%2$s","timestamp":"%3$s","transactionId":"tx8"},\
            "RECORD_LOCATION":{"anchor":"","reference":"%2$s","remoteBlockNumber":"9",\
            "remoteDltSystem":"sql-1","remoteTransactionId":"0x1","timestamp":"%3$s",\
            "transactionId":"tx9"}}}}\
            """
                .formatted(expiry, REFERENCE, channel.now(), ANCHOR));
    assertThat(channel.supply(actors.alice, DEEDS)).isZero();
    assertThat(holdings(actors.alicesAccount)).doesNotContain("deeds");
  }

  @Test
  @Tag("ARCH-1")
  void theRecipientsSideOfAUniqueAsset() {
    transfer.logIncoming(DEEDS, "8", actors.bobsAccount);
    assertThat(channel.supply(actors.alice, DEEDS)).isEqualTo(1);
    ObjectNode created = transfer.create();

    assertThat(created.toString())
        .isEqualTo(
            """
            {"anchor":"","hashCommitFinal":"%s","reference":"%s","step":"CREATE",\
            "timestamp":"%s","transactionId":"tx9","transferId":"%s"}\
            """
                .formatted(OTHER_REFERENCE, REFERENCE, channel.now(), transfer.id()));
    assertThat(actors.owner("8")).isEqualTo(actors.bobsAccount);
    assertThat(transfer.record()).contains("\"outgoing\":null", "\"state\":\"CREATED\"");
    assertThat(holdings(actors.bobsAccount))
        .isEqualTo(
            """
            [{"account":"AlphaMSP/bob","assetClass":"deeds","id":"8","kind":"UNIQUE",\
            "lockExpiry":"0","state":"AVAILABLE","transferId":""}]\
            """);
  }

  @Test
  void unitsAreLockedExtinguishedAndCreated() {
    transfer.lockCoins("30");
    assertThat(actors.balance(actors.alicesAccount)).isEqualTo("70");
    assertThat(actors.lockedBalance(actors.alicesAccount)).isEqualTo("30");
    assertThat(holdings(actors.alicesAccount)).contains("\"amount\":\"30\"", transfer.id());
    assertThat(channel.supply(actors.alice, COINS)).isEqualTo(100);

    transfer.finalizeLock();
    assertThat(actors.lockedBalance(actors.alicesAccount)).isEqualTo("0");
    assertThat(channel.supply(actors.alice, COINS)).isEqualTo(70);

    Transfer back = Transfer.of(actors);
    back.logIncoming(COINS, "30", actors.alicesAccount);
    back.create();
    assertThat(actors.balance(actors.alicesAccount)).isEqualTo("100");
    assertThat(channel.supply(actors.alice, COINS)).isEqualTo(100);
  }

  @Test
  void anUnlockedAssetIsItsOwnersAgainAndNeedsNewConsent() {
    transfer.lockDeed();
    transfer.unlock();
    assertThat(channel.evaluate(actors.alice, "GetAsset", DEEDS, "7").toString())
        .isEqualTo(
            """
            {"approvedMspId":"","assetClass":"deeds","id":"7","lockExpiry":"0",\
            "owner":"AlphaMSP/alice","state":"AVAILABLE","transferId":""}\
            """);
    channel.submit(actors.alice, "Approve", DEEDS, "7", "AlphaMSP");
    assertThat(Transfer.of(actors).lockDeed().get("step").asText()).isEqualTo("LOCK");

    Transfer units = Transfer.of(actors);
    units.lockCoins("100");
    units.unlock();
    assertThat(actors.balance(actors.alicesAccount)).isEqualTo("100");
    assertThat(actors.lockedBalance(actors.alicesAccount)).isEqualTo("0");
  }

  @Test
  void standingConsentLastsUntilItIsTakenBack() {
    channel.submit(actors.alice, "ApproveAll", DEEDS, "AlphaMSP");
    channel.submit(actors.alice, "ApproveAll", COINS, "AlphaMSP");
    for (int round = 0; round < 2; round++) {
      Transfer deed = Transfer.of(actors);
      deed.lockDeed();
      deed.unlock();
      Transfer coins = Transfer.of(actors);
      coins.lockCoins("100");
      coins.unlock();
    }
    assertThat(channel.evaluate(actors.bob, "GetApproval", DEEDS, actors.alicesAccount).toString())
        .isEqualTo("{\"amounts\":{},\"standing\":[\"AlphaMSP\"]}");
    channel.submit(actors.alice, "ApproveAll", DEEDS, "");
    assertThat(channel.evaluate(actors.bob, "GetApproval", DEEDS, actors.alicesAccount).toString())
        .isEqualTo("{\"amounts\":{},\"standing\":[]}");
  }

  @Test
  @Tag("ODAP-20")
  void anybodyMayGiveTheAssetOfAnExpiredLockBack() {
    transfer.lockDeed();
    Transfer units = Transfer.of(actors);
    units.lockCoins("100");
    channel.clock().advance(Actors.LOCK_LASTS);

    transfer.unlockExpired(actors.alice);
    units.unlockExpired(actors.betaGateway);

    assertThat(actors.owner("7")).isEqualTo(actors.alicesAccount);
    assertThat(actors.balance(actors.alicesAccount)).isEqualTo("100");
    assertThat(transfer.record()).contains("\"state\":\"RELEASED\"");
  }

  @Test
  @Tag("ODAP-20")
  void whatIsExtinguishedBeforeTheExpiryStaysSoAfterIt() {
    transfer.lockDeed();
    ObjectNode first = transfer.finalizeLock();
    channel.clock().advance(Duration.ofHours(2));
    assertThat(transfer.finalizeLock()).isEqualTo(first);
  }

  @Test
  void anAssetThatLeftMayComeBack() {
    for (int round = 0; round < 2; round++) {
      Transfer out = Transfer.of(actors);
      out.lockDeed();
      out.finalizeLock();
      Transfer back = Transfer.of(actors);
      back.logIncoming(DEEDS, "7", actors.alicesAccount);
      back.create();
      assertThat(actors.owner("7")).isEqualTo(actors.alicesAccount);
      channel.submit(actors.alice, "Approve", DEEDS, "7", "AlphaMSP");
    }
  }

  @Test
  void aTransferMayHaveBothItsSidesHereEachWithItsOwnGateway() {
    channel.submit(actors.admin, "AllowGateways", COINS, "BetaMSP");
    transfer.lockDeed();
    Transfer recipient = transfer.by(actors.betaGateway).inEpoch("3");
    recipient.logIncoming(COINS, "5", "BetaMSP/carol");
    transfer.finalizeLock();
    recipient.create();
    assertThat(transfer.record()).contains("\"EXTINGUISHED\"", "\"CREATED\"");
  }

  @Test
  void aRepeatChangesNothingTellsNothingAndIsAnsweredAsTheFirst() {
    String expiry = actors.expiry();
    repeated(() -> transfer.lock(DEEDS, "7", actors.alicesAccount, expiry));
    repeated(transfer::finalizeLock);
    repeated(() -> transfer.recordLocation("0x1"));
    // A late repeat, with another anchor, of an earlier step.
    ObjectNode late = transfer.anchoredAt(ANCHOR).lock(DEEDS, "7", actors.alicesAccount, expiry);
    assertThat(late.get("anchor").asText()).isEmpty();

    Transfer recipient = Transfer.of(actors);
    repeated(() -> recipient.logIncoming(DEEDS, "8", actors.bobsAccount));
    repeated(recipient::create);
    repeated(() -> recipient.logIncoming(DEEDS, "8", actors.bobsAccount));

    repeated(Transfer.of(actors)::unlock);
    repeated(Transfer.of(actors)::withdraw);
    Transfer unlocked = Transfer.of(actors);
    unlocked.lockCoins("1");
    repeated(unlocked::unlock);
    Transfer withdrawn = Transfer.of(actors);
    withdrawn.logIncoming(COINS, "1", actors.bobsAccount);
    repeated(withdrawn::withdraw);
    repeated(() -> channel.submit(actors.issuer, "CreateAsset", "r9", COINS, "5", "AlphaMSP/x"));
  }

  private void repeated(Supplier<ObjectNode> call) {
    ObjectNode first = call.get();
    var state = channel.state();
    List<String> events = List.copyOf(channel.events());
    channel.clock().advance(Duration.ofMillis(1));
    assertThat(call.get()).isEqualTo(first);
    assertThat(channel.state()).isEqualTo(state);
    assertThat(channel.events()).isEqualTo(events);
  }

  @Test
  void aRepeatInAHigherEpochIsRemembered() {
    String expiry = actors.expiry();
    ObjectNode first = transfer.lock(DEEDS, "7", actors.alicesAccount, expiry);
    assertThat(transfer.inEpoch("9").lock(DEEDS, "7", actors.alicesAccount, expiry))
        .isEqualTo(first);
    assertThat(transfer.record()).contains("\"epoch\":\"9\"");
  }

  @Test
  void everyEffectIsToldOnce() {
    channel.events().clear();
    Transfer told = new Transfer(actors, actors.gateway, transfer.id(), "2", ANCHOR);
    told.lockDeed();
    told.finalizeLock();
    told.recordLocation("0x1");
    told.logIncoming(COINS, "5", actors.bobsAccount);
    told.create();
    Transfer.of(actors).unlock();
    Transfer.of(actors).withdraw();
    channel.submit(actors.issuer, "CreateAsset", "r3", COINS, "5", actors.bobsAccount);
    channel.submit(actors.alice, "TransferAsset", COINS, "5", actors.bobsAccount);
    channel.submit(actors.issuer, "DestroyAsset", "r4", COINS, "5", actors.alicesAccount);
    channel.submit(actors.alice, "Approve", COINS, "5", "BetaMSP");
    channel.submit(actors.admin, "DefineClass", "bonds", "FUNGIBLE");
    channel.submit(actors.admin, "DefineClass", "bonds", "FUNGIBLE");

    assertThat(channel.events())
        .extracting(event -> event.substring(0, event.indexOf(' ')))
        .containsExactly(
            "LOCK",
            "FINALIZE_LOCK",
            "RECORD_LOCATION",
            "LOG_INCOMING",
            "CREATE",
            "UNLOCK",
            "WITHDRAW",
            "CREATE_ASSET",
            "TRANSFER_ASSET",
            "DESTROY_ASSET",
            "APPROVE",
            "DEFINE_CLASS");
    assertThat(channel.events().getFirst())
        .isEqualTo(
            """
            LOCK {"anchor":"%s","assetClass":"deeds","epoch":"2","idOrAmount":"7",\
            "kind":"UNIQUE","lockExpiry":"%s","mspId":"AlphaMSP","owner":"AlphaMSP/alice",\
            "reference":"%s","state":"LOCKED","timestamp":"%s","transferId":"%s"}\
            """
                .formatted(ANCHOR, actors.expiry(), REFERENCE, channel.now(), transfer.id()));
  }

  @Test
  void anAmountMayHaveAll256Bits() {
    BigInteger most = BigInteger.TWO.pow(256).subtract(BigInteger.ONE);
    transfer.logIncoming(COINS, most.toString(), actors.bobsAccount);
    transfer.create();
    assertThat(actors.balance(actors.bobsAccount)).isEqualTo(most.toString());
    channel.submit(actors.bob, "TransferAsset", COINS, most.toString(), actors.alicesAccount);
    assertThat(actors.balance(actors.bobsAccount)).isEqualTo("0");
    assertThat(channel.supply(actors.alice, COINS)).isEqualTo(most.add(BigInteger.valueOf(100)));
  }

  @Test
  void anAssetChangesHandsOutsideOfTransfers() {
    channel.submit(actors.alice, "TransferAsset", DEEDS, "7", actors.bobsAccount);
    assertThat(actors.owner("7")).isEqualTo(actors.bobsAccount);
    assertThat(holdings(actors.alicesAccount)).doesNotContain("deeds");
    assertThat(holdings(actors.bobsAccount)).contains("deeds");
    channel.submit(actors.alice, "TransferAsset", COINS, "40", actors.alicesAccount);
    assertThat(actors.balance(actors.alicesAccount)).isEqualTo("100");

    channel.submit(actors.bob, "Approve", DEEDS, "7", "AlphaMSP");
    channel.submit(actors.issuer, "DestroyAsset", "d1", DEEDS, "7", actors.bobsAccount);
    channel.submit(actors.issuer, "DestroyAsset", "d2", COINS, "100", actors.alicesAccount);
    assertThat(channel.supply(actors.alice, DEEDS)).isZero();
    assertThat(channel.supply(actors.alice, COINS)).isZero();
    assertThat(holdings(actors.bobsAccount)).isEqualTo("[]");
    channel.submit(actors.issuer, "CreateAsset", "c1", DEEDS, "7", actors.alicesAccount);
    assertThat(channel.evaluate(actors.issuer, "GetRequest", "d1").get("action").asText())
        .isEqualTo("DESTROY_ASSET");
  }

  private String holdings(String account) {
    return channel.evaluate(actors.alice, "GetHoldings", account).toString();
  }
}
