package org.odap.ledger.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.odap.ledger.fabric.chaincode.Actors.COINS;
import static org.odap.ledger.fabric.chaincode.Actors.DEEDS;
import static org.odap.ledger.fabric.chaincode.Actors.OTHER_REFERENCE;
import static org.odap.ledger.fabric.chaincode.Actors.REFERENCE;

import java.time.Duration;
import java.util.List;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Transactions endorsed on the same state and committed one after the other: which of them the
 * commit's check of versions lets through.
 */
@Tag("CARD-6")
class ConflictsTest {
  private final Actors actors = new Actors().withAlicesAssets();
  private final InMemoryChannel channel = actors.channel;

  @Test
  void creditsOfOneAccountDoNotConflict() {
    List<Simulation> creations = List.of(announced("5"), announced("6"), announced("7"));
    Simulation issued =
        simulate(actors.issuer, "CreateAsset", "r3", COINS, "8", actors.alicesAccount);

    assertThat(creations).allMatch(channel::commit);
    assertThat(channel.commit(issued)).isTrue();

    assertThat(actors.balance(actors.alicesAccount)).isEqualTo("126");
  }

  private Simulation announced(String amount) {
    Transfer transfer = Transfer.of(actors);
    transfer.logIncoming(COINS, amount, actors.alicesAccount);
    return simulate(
        actors.gateway, "CreateFromTransfer", transfer.id(), "1", OTHER_REFERENCE, REFERENCE, "");
  }

  @Test
  void aDebitThatTheBalanceCoversDoesNotConflictWithCredits() {
    channel.submit(actors.alice, "AddUpCredits", COINS, actors.alicesAccount);
    Simulation lock = lock("10");
    channel.submit(actors.issuer, "CreateAsset", "r3", COINS, "1", actors.alicesAccount);
    assertThat(channel.commit(lock)).isTrue();
  }

  @Test
  void aDebitThatNeedsCreditsIsInvalidWhenOneWasAddedAmongThem() {
    Simulation lock = lock("100");
    // Taken together, credits and debit could have another outcome: the debit is made again.
    Simulation other = lock("1");
    assertThat(channel.commit(lock)).isTrue();
    assertThat(channel.commit(other)).isFalse();
    assertThat(actors.balance(actors.alicesAccount)).isEqualTo("0");
  }

  @Test
  void theSameUnitsAreNotLockedTwice() {
    channel.submit(actors.alice, "AddUpCredits", COINS, actors.alicesAccount);
    Simulation first = lock("60");
    Simulation second = lock("60");
    assertThat(channel.commit(first)).isTrue();
    assertThat(channel.commit(second)).isFalse();
    assertThat(actors.balance(actors.alicesAccount)).isEqualTo("40");
  }

  @Test
  void transfersOfDifferentAssetsDoNotConflict() {
    channel.submit(actors.issuer, "CreateAsset", "r3", DEEDS, "9", actors.bobsAccount);
    channel.submit(actors.bob, "Approve", DEEDS, "9", "AlphaMSP");
    Simulation one = lockDeed("7", actors.alicesAccount);
    Simulation two = lockDeed("9", actors.bobsAccount);
    Simulation three = lock("10");
    assertThat(List.of(one, two, three)).allMatch(channel::commit);
  }

  @Test
  void oneAssetIsLockedByOneTransfer() {
    Simulation one = lockDeed("7", actors.alicesAccount);
    Simulation two = lockDeed("7", actors.alicesAccount);
    assertThat(channel.commit(one)).isTrue();
    assertThat(channel.commit(two)).isFalse();
  }

  @Test
  @Tag("ODAP-20")
  void anEndorsedFinalizationThatIsHeldBackIsInvalidOnceTheAssetWasGivenBack() {
    Transfer transfer = Transfer.of(actors);
    transfer.lockDeed();
    Simulation heldBack =
        simulate(actors.gateway, "FinalizeLock", transfer.id(), "1", REFERENCE, "");
    channel.clock().advance(Duration.ofHours(1));
    transfer.unlockExpired(actors.alice);

    assertThat(channel.commit(heldBack)).isFalse();
    assertThat(actors.owner("7")).isEqualTo(actors.alicesAccount);
  }

  @Test
  void aProposalOfAnEarlierWriterIsInvalidOnceALaterOneWasSeen() {
    Transfer transfer = Transfer.of(actors);
    String expiry = actors.expiry();
    transfer.lock(DEEDS, "7", actors.alicesAccount, expiry);
    Simulation early = simulate(actors.gateway, "Unlock", transfer.id(), "1", "");
    transfer.inEpoch("2").lock(DEEDS, "7", actors.alicesAccount, expiry);
    assertThat(channel.commit(early)).isFalse();
  }

  @Test
  void consentTakenBackCanNotBeUsedByALockEndorsedBefore() {
    Simulation deed = lockDeed("7", actors.alicesAccount);
    Simulation coins = lock("10");
    channel.submit(actors.alice, "Approve", DEEDS, "7", "");
    channel.submit(actors.alice, "Approve", COINS, "0", "AlphaMSP");
    assertThat(channel.commit(deed)).isFalse();
    assertThat(channel.commit(coins)).isFalse();
  }

  @Test
  void consentThatWasHeldBackDoesNotUndoALaterWord() {
    List<Simulation> heldBack =
        List.of(
            simulate(actors.bob, "Approve", COINS, "90", "AlphaMSP"),
            simulate(actors.bob, "ApproveAll", COINS, "AlphaMSP"));
    channel.submit(actors.bob, "Approve", COINS, "0", "");
    assertThat(heldBack).noneMatch(channel::commit);

    // Given and taken back in between: not the state from before.
    Simulation more = simulate(actors.bob, "Approve", COINS, "90", "AlphaMSP");
    channel.submit(actors.bob, "Approve", COINS, "80", "AlphaMSP");
    channel.submit(actors.bob, "Approve", COINS, "0", "AlphaMSP");
    assertThat(channel.commit(more)).isFalse();

    Simulation deed = simulate(actors.alice, "Approve", DEEDS, "7", "BetaMSP");
    channel.submit(actors.alice, "Approve", DEEDS, "7", "");
    assertThat(channel.commit(deed)).isFalse();
  }

  @Test
  void whatAnAdministratorSaidThatWasHeldBackDoesNotUndoALaterWord() {
    String hash = actors.bob.certificateHash();
    List<Simulation> heldBack =
        List.of(
            simulate(actors.admin, "RegisterIdentity", "odap.gateway", "AlphaMSP", hash),
            simulate(actors.admin, "AllowGateways", COINS, "BetaMSP"));
    channel.submit(actors.admin, "DeregisterIdentity", "odap.gateway", "AlphaMSP", hash);
    channel.submit(actors.admin, "ForbidGateways", COINS, "BetaMSP");
    assertThat(heldBack).noneMatch(channel::commit);
  }

  @Test
  void veryManyCreditsAreAddedUpInParts() {
    for (int i = 0; i < Balances.CREDITS_ADDED_UP_MAX + 5; i++) {
      channel.submit(actors.issuer, "CreateAsset", "many" + i, COINS, "1", actors.bobsAccount);
    }
    String all = String.valueOf(Balances.CREDITS_ADDED_UP_MAX + 5);
    assertThat(actors.balance(actors.bobsAccount)).isEqualTo(all);
    channel.submit(actors.bob, "TransferAsset", COINS, "5", actors.alicesAccount);
    String[] rest = {
      "TransferAsset", COINS, String.valueOf(Balances.CREDITS_ADDED_UP_MAX), actors.alicesAccount
    };
    channel.submit(actors.bob, rest);
    assertThat(actors.balance(actors.bobsAccount)).isEqualTo("0");

    for (int i = 0; i < Balances.CREDITS_ADDED_UP_MAX + 5; i++) {
      channel.submit(actors.issuer, "CreateAsset", "more" + i, COINS, "1", actors.bobsAccount);
    }
    String[] everything = {"TransferAsset", COINS, all, actors.alicesAccount};
    assertThatThrownBy(() -> channel.submit(actors.bob, everything))
        .isInstanceOf(ChaincodeException.class)
        .hasMessageStartingWith("LEDGER_REFUSED: AlphaMSP/bob has of class coins more than 500 ");
    assertThat(addUp()).isTrue();
    assertThat(addUp()).isTrue();
    assertThat(addUp()).isFalse();
    channel.submit(actors.bob, everything);
    assertThat(actors.balance(actors.bobsAccount)).isEqualTo("0");
  }

  private boolean addUp() {
    return channel
        .submit(actors.gateway, "AddUpCredits", COINS, actors.bobsAccount)
        .get("changed")
        .asBoolean();
  }

  private Simulation lock(String amount) {
    return simulate(
        actors.gateway,
        "Lock",
        Actors.transferId(),
        "1",
        COINS,
        amount,
        actors.alicesAccount,
        actors.expiry(),
        REFERENCE,
        "");
  }

  private Simulation lockDeed(String id, String owner) {
    return simulate(
        actors.gateway,
        "Lock",
        Actors.transferId(),
        "1",
        DEEDS,
        id,
        owner,
        actors.expiry(),
        REFERENCE,
        "");
  }

  private Simulation simulate(Identity who, String... call) {
    return channel.simulate(who, call).simulation();
  }
}
