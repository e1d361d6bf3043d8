package org.odap.ledger.fabric.chaincode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.odap.ledger.fabric.chaincode.Actors.COINS;
import static org.odap.ledger.fabric.chaincode.Actors.DEEDS;
import static org.odap.ledger.fabric.chaincode.Actors.OTHER_REFERENCE;
import static org.odap.ledger.fabric.chaincode.Actors.REFERENCE;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.hyperledger.fabric.shim.ChaincodeException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/** Every rule of the chaincode, broken once: what the client is told, and that nothing happened. */
class RulesTest {
  private static final String TOO_MUCH = BigInteger.TWO.pow(256).toString();
  private static final String ID = "00000000-0000-4000-8000-000000000001";

  /** A call that breaks a rule, after what has to go before it. */
  private record Broken(
      String rule,
      BiConsumer<Actors, Transfer> before,
      BiConsumer<Actors, Transfer> call,
      String told) {}

  private static void nothing(Actors actors, Transfer transfer) {}

  @TestFactory
  @Tag("CARD-6")
  Stream<DynamicTest> theSendersSide() {
    return tests(
        broken(
            "a lock after its unlock",
            (a, t) -> t.unlock(),
            (a, t) -> t.lockDeed(),
            "STEP_OUT_OF_ORDER: the transfer was unlocked before"),
        broken(
            "a lock again after its unlock",
            (a, t) -> {
              t.lockDeed();
              t.unlock();
            },
            (a, t) -> t.lockDeed(),
            "STEP_OUT_OF_ORDER: the transfer was unlocked before"),
        broken(
            "an unlock after the commit point",
            (a, t) -> {
              t.lockDeed();
              t.finalizeLock();
            },
            (a, t) -> t.unlock(),
            "STEP_OUT_OF_ORDER: the asset is extinguished"),
        broken(
            "an unlock of an expired lock after the commit point",
            (a, t) -> {
              t.lockDeed();
              t.finalizeLock();
              a.channel.clock().advance(Duration.ofHours(1));
            },
            (a, t) -> t.unlockExpired(a.alice),
            "STEP_OUT_OF_ORDER: the asset is extinguished"),
        broken(
            "an unlock of a lock that never was",
            RulesTest::nothing,
            (a, t) -> t.unlockExpired(a.alice),
            "STEP_OUT_OF_ORDER: the transfer has no lock here"),
        broken(
            "a finalization without lock",
            RulesTest::nothing,
            (a, t) -> t.finalizeLock(),
            "STEP_OUT_OF_ORDER: the transfer has no lock here"),
        broken(
            "a finalization after an unlock",
            (a, t) -> {
              t.lockDeed();
              t.unlock();
            },
            (a, t) -> t.finalizeLock(),
            "STEP_OUT_OF_ORDER: the transfer was unlocked before"),
        broken(
            "a location without lock",
            RulesTest::nothing,
            (a, t) -> t.recordLocation("0x1"),
            "STEP_OUT_OF_ORDER: the asset is not extinguished"),
        broken(
            "a location before the commit point",
            (a, t) -> t.lockDeed(),
            (a, t) -> t.recordLocation("0x1"),
            "STEP_OUT_OF_ORDER: the asset is not extinguished"));
  }

  @TestFactory
  @Tag("CARD-6")
  Stream<DynamicTest> theRecipientsSide() {
    return tests(
        broken(
            "an announcement after its withdrawal",
            (a, t) -> t.withdraw(),
            (a, t) -> t.logIncoming(DEEDS, "8", a.bobsAccount),
            "STEP_OUT_OF_ORDER: the transfer was withdrawn before"),
        broken(
            "a creation without announcement",
            RulesTest::nothing,
            (a, t) -> t.create(),
            "STEP_OUT_OF_ORDER: the transfer is not announced here"),
        broken(
            "a creation after the withdrawal",
            (a, t) -> {
              t.logIncoming(DEEDS, "8", a.bobsAccount);
              t.withdraw();
            },
            (a, t) -> t.create(),
            "STEP_OUT_OF_ORDER: the transfer was withdrawn before"),
        broken(
            "a withdrawal after the creation",
            (a, t) -> {
              t.logIncoming(DEEDS, "8", a.bobsAccount);
              t.create();
            },
            (a, t) -> t.withdraw(),
            "STEP_OUT_OF_ORDER: the asset is created"),
        broken(
            "an announcement of what is here",
            RulesTest::nothing,
            (a, t) -> t.logIncoming(DEEDS, "7", a.bobsAccount),
            "ASSET_EXISTS: asset 7 of class deeds is on this ledger already, or announced by"
                + " another transfer; check the id, or wait until that transfer has ended, then"
                + " try again"),
        broken(
            "an announcement of what is announced",
            (a, t) -> Transfer.of(a).logIncoming(DEEDS, "8", a.bobsAccount),
            (a, t) -> t.logIncoming(DEEDS, "8", a.bobsAccount),
            "ASSET_EXISTS: asset 8 "));
  }

  @TestFactory
  @Tag("CARD-6")
  Stream<DynamicTest> whatMayBeLocked() {
    return tests(
        broken(
            "a class that is not here",
            RulesTest::nothing,
            (a, t) -> t.lock("bonds", "7", a.alicesAccount, a.expiry()),
            "ASSET_UNKNOWN: no class bonds of this kind on this ledger; "),
        broken(
            "an asset that is not here",
            RulesTest::nothing,
            (a, t) -> t.lock(DEEDS, "8", a.alicesAccount, a.expiry()),
            "ASSET_UNKNOWN: no asset 8 of class deeds on this ledger; check the id and where the"
                + " asset is, then try again"),
        broken(
            "an asset that is only announced",
            (a, t) -> Transfer.of(a).logIncoming(DEEDS, "8", a.bobsAccount),
            (a, t) -> t.lock(DEEDS, "8", a.bobsAccount, a.expiry()),
            "ASSET_UNKNOWN: "),
        broken(
            "an asset that has left",
            (a, t) -> {
              Transfer other = Transfer.of(a);
              other.lockDeed();
              other.finalizeLock();
            },
            (a, t) -> t.lockDeed(),
            "ASSET_UNKNOWN: "),
        broken(
            "somebody else's asset",
            RulesTest::nothing,
            (a, t) -> t.lock(DEEDS, "7", a.bobsAccount, a.expiry()),
            "ASSET_NOT_OWNED: asset 7 of class deeds does not belong to AlphaMSP/bob; name its"
                + " owner's account instead"),
        broken(
            "an asset locked by another transfer",
            (a, t) -> Transfer.of(a).lockDeed(),
            (a, t) -> t.lockDeed(),
            "ASSET_LOCKED: asset 7 of class deeds is locked by another transfer; wait until that"
                + " has ended, then try again"),
        broken(
            "more units than there are",
            RulesTest::nothing,
            (a, t) -> t.lockCoins("101"),
            "BALANCE_TOO_LOW: AlphaMSP/alice has of class coins value: 100 (expected: at least"
                + " 101); name a smaller amount, or fill the account first"),
        broken(
            "units that are locked",
            (a, t) -> {
              Transfer.of(a).lockCoins("60");
              a.channel.submit(a.alice, "Approve", COINS, "60", "AlphaMSP");
            },
            (a, t) -> t.lockCoins("60"),
            "BALANCE_TOO_LOW: AlphaMSP/alice has of class coins value: 40 "),
        broken(
            "no units",
            RulesTest::nothing,
            (a, t) -> t.lockCoins("0"),
            "FIELD_INVALID: idOrAmount: value: 0 (expected: an amount above 0)"),
        broken(
            "a lock that would be over at once",
            RulesTest::nothing,
            (a, t) -> t.lock(DEEDS, "7", a.alicesAccount, String.valueOf(a.channel.now())),
            "LOCK_EXPIRED: the lock's end, 2026-01-01T12:00:00Z, has passed by the ledger's clock;"
                + " try again with a longer lock"));
  }

  @TestFactory
  @Tag("CARD-6")
  Stream<DynamicTest> consent() {
    return tests(
        broken(
            "an asset whose owner gave no consent",
            (a, t) -> a.channel.submit(a.alice, "Approve", DEEDS, "7", ""),
            (a, t) -> t.lockDeed(),
            "ASSET_NOT_APPROVED: AlphaMSP/alice has not approved this lock of class deeds; have the"
                + " owner approve it on the ledger, then try again"),
        broken(
            "units whose owner took consent back",
            (a, t) -> a.channel.submit(a.alice, "Approve", COINS, "0", "AlphaMSP"),
            (a, t) -> t.lockCoins("1"),
            "ASSET_NOT_APPROVED: "),
        broken(
            "units whose owner took all consent back",
            (a, t) -> a.channel.submit(a.alice, "Approve", COINS, "0", ""),
            (a, t) -> t.lockCoins("1"),
            "ASSET_NOT_APPROVED: "),
        broken(
            "more units than approved",
            (a, t) -> a.channel.submit(a.alice, "Approve", COINS, "10", "AlphaMSP"),
            (a, t) -> t.lockCoins("11"),
            "ASSET_NOT_APPROVED: "),
        broken(
            "consent that a lock has used up",
            (a, t) -> {
              Transfer other = Transfer.of(a);
              other.lockCoins("100");
              other.unlock();
            },
            (a, t) -> t.lockCoins("1"),
            "ASSET_NOT_APPROVED: "),
        broken(
            "consent to a lock that was undone",
            (a, t) -> {
              Transfer other = Transfer.of(a);
              other.lockDeed();
              other.unlock();
            },
            (a, t) -> t.lockDeed(),
            "ASSET_NOT_APPROVED: "),
        broken(
            "consent of the owner before",
            (a, t) -> a.channel.submit(a.alice, "TransferAsset", DEEDS, "7", a.bobsAccount),
            (a, t) -> t.lock(DEEDS, "7", a.bobsAccount, a.expiry()),
            "ASSET_NOT_APPROVED: "),
        broken(
            "standing consent that was taken back",
            (a, t) -> {
              a.channel.submit(a.alice, "Approve", DEEDS, "7", "");
              a.channel.submit(a.alice, "ApproveAll", DEEDS, "AlphaMSP");
              a.channel.submit(a.alice, "ApproveAll", DEEDS, "");
            },
            (a, t) -> t.lockDeed(),
            "ASSET_NOT_APPROVED: "),
        broken(
            "standing consent for another class",
            (a, t) -> {
              a.channel.submit(a.alice, "Approve", COINS, "0", "");
              a.channel.submit(a.alice, "ApproveAll", DEEDS, "AlphaMSP");
            },
            (a, t) -> t.lockCoins("1"),
            "ASSET_NOT_APPROVED: "),
        broken(
            "standing consent of somebody else",
            (a, t) -> {
              a.channel.submit(a.alice, "Approve", COINS, "0", "");
              a.channel.submit(a.bob, "ApproveAll", COINS, "AlphaMSP");
            },
            (a, t) -> t.lockCoins("1"),
            "ASSET_NOT_APPROVED: "),
        broken(
            "standing consent given to another organization",
            (a, t) -> {
              a.channel.submit(a.alice, "Approve", COINS, "0", "");
              a.channel.submit(a.alice, "ApproveAll", COINS, "BetaMSP");
            },
            (a, t) -> t.lockCoins("1"),
            "ASSET_NOT_APPROVED: "),
        broken(
            "destroying with standing consent to locks",
            (a, t) -> {
              a.channel.submit(a.alice, "Approve", COINS, "0", "");
              a.channel.submit(a.alice, "ApproveAll", COINS, "AlphaMSP");
            },
            (a, t) -> a.channel.submit(a.issuer, "DestroyAsset", "d1", COINS, "1", a.alicesAccount),
            "ASSET_NOT_APPROVED: "),
        broken(
            "consent given to another organization",
            (a, t) -> {
              a.channel.submit(a.admin, "AllowGateways", DEEDS, "BetaMSP");
              a.channel.submit(a.admin, "AllowGateways", COINS, "BetaMSP");
            },
            (a, t) -> t.by(a.betaGateway).lockDeed(),
            "ASSET_NOT_APPROVED: "),
        broken(
            "consent of somebody who is not the owner",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.bob, "Approve", DEEDS, "7", "AlphaMSP"),
            "ASSET_NOT_OWNED: "),
        broken(
            "consent while locked",
            (a, t) -> Transfer.of(a).lockDeed(),
            (a, t) -> a.channel.submit(a.alice, "Approve", DEEDS, "7", "AlphaMSP"),
            "ASSET_LOCKED: "),
        broken(
            "moving somebody else's asset",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.bob, "TransferAsset", DEEDS, "7", a.bobsAccount),
            "ASSET_NOT_OWNED: "),
        broken(
            "moving a locked asset",
            (a, t) -> Transfer.of(a).lockDeed(),
            (a, t) -> a.channel.submit(a.alice, "TransferAsset", DEEDS, "7", a.bobsAccount),
            "ASSET_LOCKED: "),
        broken(
            "moving locked units",
            (a, t) -> Transfer.of(a).lockCoins("100"),
            (a, t) -> a.channel.submit(a.alice, "TransferAsset", COINS, "1", a.bobsAccount),
            "BALANCE_TOO_LOW: "),
        broken(
            "destroying without consent",
            (a, t) -> a.channel.submit(a.alice, "Approve", DEEDS, "7", ""),
            (a, t) -> a.channel.submit(a.issuer, "DestroyAsset", "d1", DEEDS, "7", a.alicesAccount),
            "ASSET_NOT_APPROVED: "),
        broken(
            "destroying what is locked",
            (a, t) -> Transfer.of(a).lockDeed(),
            (a, t) -> a.channel.submit(a.issuer, "DestroyAsset", "d1", DEEDS, "7", a.alicesAccount),
            "ASSET_LOCKED: "),
        broken(
            "creating what is here",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.issuer, "CreateAsset", "c1", DEEDS, "7", a.bobsAccount),
            "ASSET_EXISTS: "),
        broken(
            "creating what is announced",
            (a, t) -> Transfer.of(a).logIncoming(DEEDS, "8", a.bobsAccount),
            (a, t) -> a.channel.submit(a.issuer, "CreateAsset", "c1", DEEDS, "8", a.bobsAccount),
            "ASSET_EXISTS: "));
  }

  @TestFactory
  @Tag("CARD-6")
  Stream<DynamicTest> repeatsWithOtherParameters() {
    BiConsumer<Actors, Transfer> locked = (a, t) -> t.lockCoins("10");
    BiConsumer<Actors, Transfer> announced = (a, t) -> t.logIncoming(COINS, "10", a.bobsAccount);
    String conflict =
        "STEP_CONFLICT: the step was done before with other parameters, in transaction tx";
    return tests(
        broken("of a lock: amount", locked, (a, t) -> t.lockCoins("11"), conflict),
        broken(
            "of a lock: class",
            locked,
            (a, t) -> t.lock(DEEDS, "10", a.alicesAccount, a.expiry()),
            conflict),
        broken(
            "of a lock: owner",
            locked,
            (a, t) -> t.lock(COINS, "10", a.bobsAccount, a.expiry()),
            conflict),
        broken(
            "of a lock: expiry",
            locked,
            (a, t) -> t.lock(COINS, "10", a.alicesAccount, a.expiry() + "0"),
            conflict),
        broken(
            "of a lock: reference",
            locked,
            (a, t) -> t.lock(COINS, "10", a.alicesAccount, a.expiry(), OTHER_REFERENCE),
            conflict),
        broken(
            "of a finalization",
            locked.andThen((a, t) -> t.finalizeLock()),
            (a, t) -> t.finalizeLock(OTHER_REFERENCE),
            conflict),
        broken(
            "of a location",
            locked.andThen((a, t) -> t.finalizeLock()).andThen((a, t) -> t.recordLocation("0x1")),
            (a, t) -> t.recordLocation("0x2"),
            conflict),
        broken(
            "of an announcement: amount",
            announced,
            (a, t) -> t.logIncoming(COINS, "11", a.bobsAccount),
            conflict),
        broken(
            "of an announcement: beneficiary",
            announced,
            (a, t) -> t.logIncoming(COINS, "10", a.alicesAccount),
            conflict),
        broken(
            "of an announcement: reference",
            announced,
            (a, t) -> t.logIncoming(COINS, "10", a.bobsAccount, OTHER_REFERENCE),
            conflict),
        broken(
            "of a creation: commit-final",
            announced.andThen((a, t) -> t.create()),
            (a, t) -> t.create(REFERENCE, REFERENCE),
            conflict),
        broken(
            "of a creation: reference",
            announced.andThen((a, t) -> t.create()),
            (a, t) -> t.create(OTHER_REFERENCE, OTHER_REFERENCE),
            conflict),
        broken(
            "of a request: amount",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.issuer, "CreateAsset", "r2", COINS, "9", a.alicesAccount),
            "REQUEST_ID_REUSED: the request id was used before for another request, in"
                + " transaction tx4"),
        broken(
            "of a request: action",
            RulesTest::nothing,
            (a, t) ->
                a.channel.submit(a.issuer, "DestroyAsset", "r2", COINS, "100", a.alicesAccount),
            "REQUEST_ID_REUSED: "),
        broken(
            "of a class",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.admin, "DefineClass", DEEDS, "FUNGIBLE"),
            "LEDGER_REFUSED: class deeds is defined as value: UNIQUE of AlphaMSP (expected:"
                + " FUNGIBLE of AlphaMSP); choose another name"));
  }

  @TestFactory
  @Tag("CARD-6")
  Stream<DynamicTest> lowerEpochs() {
    String stale = "EPOCH_STALE: epoch: value: 1 (expected: at least 9)";
    BiConsumer<Actors, Transfer> locked = (a, t) -> t.inEpoch("9").lockCoins("10");
    BiConsumer<Actors, Transfer> announced =
        (a, t) -> t.inEpoch("9").logIncoming(COINS, "10", a.bobsAccount);
    return tests(
        broken("lock", locked, (a, t) -> t.lockCoins("10"), stale),
        broken("unlock", locked, (a, t) -> t.unlock(), stale),
        broken("finalize", locked, (a, t) -> t.finalizeLock(), stale),
        broken(
            "location",
            locked.andThen((a, t) -> t.inEpoch("9").finalizeLock()),
            (a, t) -> t.recordLocation("0x1"),
            stale),
        broken(
            "announcement", announced, (a, t) -> t.logIncoming(COINS, "10", a.bobsAccount), stale),
        broken("creation", announced, (a, t) -> t.create(), stale),
        broken("withdrawal", announced, (a, t) -> t.withdraw(), stale),
        broken(
            "after an unlock ahead of the lock",
            (a, t) -> t.inEpoch("9").unlock(),
            (a, t) -> t.unlock(),
            stale));
  }

  @TestFactory
  Stream<DynamicTest> roles() {
    String noGateway =
        "PERMISSION_DENIED: the caller's certificate has no attribute odap.gateway=true, and is not"
            + " registered for this role; have its organization's CA give the attribute, or an"
            + " administrator register the certificate";
    String noIssuer =
        "PERMISSION_DENIED: the caller's certificate has no attribute odap.issuer=true";
    String noAdmin = "PERMISSION_DENIED: the caller's certificate has no attribute odap.admin=true";
    String notYours = "PERMISSION_DENIED: the transfer was begun by a gateway of another MSP than";
    return tests(
        broken("lock", RulesTest::nothing, (a, t) -> t.by(a.alice).lockDeed(), noGateway),
        broken("unlock", RulesTest::nothing, (a, t) -> t.by(a.alice).unlock(), noGateway),
        broken("finalize", RulesTest::nothing, (a, t) -> t.by(a.issuer).finalizeLock(), noGateway),
        broken(
            "location",
            RulesTest::nothing,
            (a, t) -> t.by(a.admin).recordLocation("0x1"),
            noGateway),
        broken(
            "announcement",
            RulesTest::nothing,
            (a, t) -> t.by(a.alice).logIncoming(COINS, "1", a.alicesAccount),
            noGateway),
        broken("creation", RulesTest::nothing, (a, t) -> t.by(a.alice).create(), noGateway),
        broken("withdrawal", RulesTest::nothing, (a, t) -> t.by(a.alice).withdraw(), noGateway),
        broken(
            "creation outside of transfers",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.alice, "CreateAsset", "c1", COINS, "1", a.alicesAccount),
            noIssuer),
        broken(
            "destruction",
            RulesTest::nothing,
            (a, t) ->
                a.channel.submit(a.gateway, "DestroyAsset", "c1", COINS, "1", a.alicesAccount),
            noIssuer),
        broken(
            "adding up somebody else's credits",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.bob, "AddUpCredits", COINS, a.alicesAccount),
            noGateway),
        broken(
            "a class",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.issuer, "DefineClass", "bonds", "FUNGIBLE"),
            noAdmin),
        broken(
            "a registration",
            RulesTest::nothing,
            (a, t) ->
                a.channel.submit(
                    a.alice,
                    "RegisterIdentity",
                    "odap.gateway",
                    "AlphaMSP",
                    a.alice.certificateHash()),
            noAdmin),
        broken(
            "a registration for another organization",
            RulesTest::nothing,
            (a, t) ->
                a.channel.submit(
                    a.betaAdmin,
                    "RegisterIdentity",
                    "odap.issuer",
                    "AlphaMSP",
                    a.alice.certificateHash()),
            "PERMISSION_DENIED: the registration of identities is a matter of value: AlphaMSP"
                + " (expected: the caller's own MSP, BetaMSP)"),
        broken(
            "a role that was taken back",
            (a, t) -> {
              for (String function : List.of("RegisterIdentity", "DeregisterIdentity")) {
                a.channel.submit(
                    a.admin, function, "odap.gateway", "AlphaMSP", a.alice.certificateHash());
              }
            },
            (a, t) -> t.by(a.alice).lockDeed(),
            noGateway),
        broken(
            "another organization's issuer",
            RulesTest::nothing,
            (a, t) ->
                a.channel.submit(a.betaIssuer, "CreateAsset", "c1", COINS, "1", "BetaMSP/carol"),
            "PERMISSION_DENIED: class coins is a matter of value: AlphaMSP"),
        broken(
            "another organization's gateway that was not allowed",
            RulesTest::nothing,
            (a, t) -> t.by(a.betaGateway).logIncoming(COINS, "1", "BetaMSP/carol"),
            "PERMISSION_DENIED: gateways of value: BetaMSP (expected: AlphaMSP, or an MSP that it"
                + " allowed) may not transfer assets of class coins; have an administrator of"
                + " AlphaMSP allow them"),
        broken(
            "another organization's gateway that is not allowed any more",
            (a, t) -> {
              a.channel.submit(a.admin, "AllowGateways", COINS, "BetaMSP");
              a.channel.submit(a.admin, "ForbidGateways", COINS, "BetaMSP");
            },
            (a, t) -> t.by(a.betaGateway).logIncoming(COINS, "1", "BetaMSP/carol"),
            "PERMISSION_DENIED: gateways of value: BetaMSP "),
        broken(
            "allowing gateways of another organization's class",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.betaAdmin, "AllowGateways", COINS, "BetaMSP"),
            "PERMISSION_DENIED: class coins is a matter of value: AlphaMSP"),
        broken(
            "another organization's class under the same name",
            RulesTest::nothing,
            (a, t) -> a.channel.submit(a.betaAdmin, "DefineClass", COINS, "FUNGIBLE"),
            "LEDGER_REFUSED: class coins is defined as value: FUNGIBLE of AlphaMSP "),
        broken(
            "another organization's gateway, in a transfer begun: unlock",
            (a, t) -> t.lockDeed(),
            (a, t) -> t.by(a.betaGateway).unlock(),
            notYours),
        broken(
            "another organization's gateway, in a transfer begun: finalize",
            (a, t) -> t.lockDeed(),
            (a, t) -> t.by(a.betaGateway).inEpoch("9").finalizeLock(),
            notYours),
        broken(
            "another organization's gateway, in a transfer begun: create",
            (a, t) -> t.logIncoming(COINS, "1", a.bobsAccount),
            (a, t) -> t.by(a.betaGateway).create(),
            notYours),
        broken(
            "another organization's request",
            RulesTest::nothing,
            (a, t) -> a.channel.evaluate(a.betaIssuer, "GetRequest", "r1"),
            "STEP_UNKNOWN: no request r1 of BetaMSP"));
  }

  @TestFactory
  @Tag("ODAP-20")
  Stream<DynamicTest> clocks() {
    Duration tooMuch = InMemoryChannel.TOLERANCE.plusMillis(1);
    String off =
        "LEDGER_UNAVAILABLE: the transaction's timestamp is value: 1767268810001 (expected: within"
            + " 10000 of the endorser's clock, 1767268800000); set the clocks, then try again with a"
            + " new proposal";
    Duration almost = Actors.LOCK_LASTS.minusMillis(1);
    return tests(
        broken(
            "a lock with a clock before the endorser's",
            (a, t) -> a.channel.setClientsAhead(tooMuch),
            (a, t) -> t.lockDeed(),
            off),
        broken(
            "a lock with a clock behind the endorser's",
            (a, t) -> a.channel.setClientsAhead(tooMuch.negated()),
            (a, t) -> t.lockDeed(),
            "LEDGER_UNAVAILABLE: "),
        broken(
            "a lock with a clock at the end of time",
            (a, t) -> a.channel.setClientsAhead(Duration.ofDays(365L * 1_000_000_000 / 2)),
            (a, t) -> t.lockDeed(),
            "FIELD_INVALID: the transaction's timestamp "),
        broken(
            "a finalization with a clock behind the endorser's",
            (a, t) -> {
              t.lockDeed();
              a.channel.clock().advance(Actors.LOCK_LASTS.plusMillis(1));
              a.channel.setClientsAhead(tooMuch.negated());
            },
            (a, t) -> t.finalizeLock(),
            "LEDGER_UNAVAILABLE: "),
        broken(
            "an unlock of an expired lock with a clock before the endorser's",
            (a, t) -> {
              t.lockDeed();
              a.channel.clock().advance(Actors.LOCK_LASTS.minusSeconds(1));
              a.channel.setClientsAhead(tooMuch);
            },
            (a, t) -> t.unlockExpired(a.alice),
            "LEDGER_UNAVAILABLE: "),
        broken(
            "a finalization at the expiry",
            (a, t) -> {
              t.lockDeed();
              a.channel.clock().advance(Actors.LOCK_LASTS);
            },
            (a, t) -> t.finalizeLock(),
            "LOCK_EXPIRED: "),
        broken(
            "a finalization at the expiry with a clock somewhat behind",
            (a, t) -> {
              t.lockDeed();
              a.channel.clock().advance(Actors.LOCK_LASTS);
              a.channel.setClientsAhead(Duration.ofSeconds(-5));
            },
            (a, t) -> t.finalizeLock(),
            "LOCK_EXPIRED: "),
        broken(
            "an unlock just before the expiry",
            (a, t) -> {
              t.lockDeed();
              a.channel.clock().advance(almost);
            },
            (a, t) -> t.unlockExpired(a.alice),
            "STEP_OUT_OF_ORDER: the lock has not ended: value: "),
        broken(
            "an unlock just before the expiry with a clock somewhat before",
            (a, t) -> {
              t.lockDeed();
              a.channel.clock().advance(almost);
              a.channel.setClientsAhead(Duration.ofSeconds(5));
            },
            (a, t) -> t.unlockExpired(a.alice),
            "STEP_OUT_OF_ORDER: the lock has not ended: value: "));
  }

  @TestFactory
  Stream<DynamicTest> arguments() {
    String account = " (expected: <MSP id>/<enrollment id>, at most 256 characters)";
    return Stream.concat(
        tests(
            malformedLock("no transfer id", 0, "", "FIELD_MISSING: transferId: value: nothing"),
            malformedLock(
                "a transfer id in capitals",
                0,
                ID.toUpperCase(Locale.ROOT) + "A",
                "FIELD_INVALID: transferId: "),
            malformedLock(
                "a transfer id with a zero",
                0,
                ID + "\u0000",
                "FIELD_INVALID: transferId: value: "
                    + ID
                    + "? (expected: a UUID, lower case with hyphens)"),
            malformedLock("no epoch", 1, "", "FIELD_MISSING: epoch: "),
            malformedLock(
                "epoch 0", 1, "0", "FIELD_INVALID: epoch: value: 0 (expected: 1 to 2^63-1)"),
            malformedLock("epoch below 0", 1, "-1", "FIELD_INVALID: epoch: "),
            malformedLock("epoch 2^63", 1, "9223372036854775808", "FIELD_INVALID: epoch: "),
            malformedLock("epoch with a leading zero", 1, "01", "FIELD_INVALID: epoch: "),
            malformedLock("no class", 2, "", "FIELD_MISSING: assetClass: "),
            malformedLock(
                "a class with a delimiter", 2, "deeds\u0000" + "7", "FIELD_INVALID: assetClass: "),
            malformedLock("a long class", 2, "d".repeat(65), "FIELD_INVALID: assetClass: "),
            malformedLock("no id", 3, "", "FIELD_MISSING: idOrAmount: "),
            malformedLock(
                "2^256",
                3,
                TOO_MUCH,
                "FIELD_INVALID: idOrAmount: value: "
                    + TOO_MUCH
                    + " (expected: a decimal number below 2^256 without leading zeros or sign)"),
            malformedLock(
                "a million digits",
                3,
                "9".repeat(1_000_000),
                "FIELD_INVALID: idOrAmount: value: " + "9".repeat(80) + "... (expected: "),
            malformedLock("a hexadecimal id", 3, "0x7", "FIELD_INVALID: idOrAmount: "),
            malformedLock("an id in other digits", 3, "\u0667", "FIELD_INVALID: idOrAmount: "),
            malformedLock("no owner", 4, "", "ACCOUNT_INVALID: account: value: " + account),
            malformedLock(
                "an owner without MSP",
                4,
                "alice",
                "ACCOUNT_INVALID: account: value: alice" + account),
            malformedLock("an owner with an empty MSP", 4, "/alice", "ACCOUNT_INVALID: "),
            malformedLock("an owner with an empty id", 4, "AlphaMSP/", "ACCOUNT_INVALID: "),
            malformedLock(
                "an owner with a delimiter",
                4,
                "AlphaMSP/a\u0000b",
                "ACCOUNT_INVALID: account: value: AlphaMSP/a?b"),
            malformedLock(
                "an owner with the last character",
                4,
                "AlphaMSP/a\udbff\udfff",
                "ACCOUNT_INVALID: "),
            malformedLock(
                "an owner with a line break",
                4,
                "AlphaMSP/a\nb",
                "ACCOUNT_INVALID: account: value: AlphaMSP/a?b"),
            malformedLock(
                "an owner with a space at its end", 4, "AlphaMSP/alice ", "ACCOUNT_INVALID: "),
            malformedLock(
                "an owner with a space at its beginning",
                4,
                "AlphaMSP/ alice",
                "ACCOUNT_INVALID: "),
            malformedLock("a long owner", 4, "AlphaMSP/" + "a".repeat(248), "ACCOUNT_INVALID: "),
            malformedLock("no expiry", 5, "", "FIELD_MISSING: lockExpiry: "),
            malformedLock(
                "an expiry beyond time", 5, "9223372036854775808", "FIELD_INVALID: lockExpiry: "),
            malformedLock("no reference", 6, "", "FIELD_MISSING: reference: "),
            malformedLock(
                "a reference in capitals", 6, "A".repeat(64), "FIELD_INVALID: reference: "),
            malformedLock("an anchor without hash", 7, "3", "FIELD_INVALID: anchor: "),
            malformedLock("an anchor at no entry", 7, "0:" + REFERENCE, "FIELD_INVALID: anchor: "),
            malformedLock(
                "an anchor at entry 2^31",
                7,
                "2147483648:" + REFERENCE,
                "FIELD_INVALID: anchor: ")),
        tests(
            malformed(
                "a call with an argument missing",
                "FIELD_MISSING: Unlock has arguments: value: 2 (expected: 3)",
                "Unlock",
                ID,
                "1"),
            malformed(
                "a call with an argument too many",
                "FIELD_INVALID: Unlock has arguments: value: 4 (expected: 3)",
                "Unlock",
                ID,
                "1",
                "",
                "x"),
            malformed(
                "no remote ledger",
                "FIELD_MISSING: remoteDltSystem: ",
                "RecordLocation",
                ID,
                "1",
                REFERENCE,
                "",
                "0x1",
                "1",
                ""),
            malformed(
                "a long remote transaction",
                "FIELD_INVALID: remoteTransactionId: ",
                "RecordLocation",
                ID,
                "1",
                REFERENCE,
                "sql",
                "x".repeat(257),
                "1",
                ""),
            malformed(
                "a remote block of 2^64",
                "FIELD_INVALID: remoteBlockNumber: ",
                "RecordLocation",
                ID,
                "1",
                REFERENCE,
                "sql",
                "0x1",
                "18446744073709551616",
                ""),
            malformed(
                "no hash of commit-final",
                "FIELD_MISSING: hashCommitFinal: ",
                "CreateFromTransfer",
                ID,
                "1",
                "",
                REFERENCE,
                ""),
            malformed(
                "another kind",
                "FIELD_INVALID: kind: value: unique (expected: UNIQUE or FUNGIBLE)",
                "DefineClass",
                "bonds",
                "unique"),
            malformed(
                "a class in capitals",
                "FIELD_INVALID: assetClass: ",
                "DefineClass",
                "Bonds",
                "UNIQUE"),
            malformed(
                "another role",
                "FIELD_INVALID: role: value: gateway (expected: odap.gateway, odap.issuer or odap.admin)",
                "RegisterIdentity",
                "gateway",
                "AlphaMSP",
                REFERENCE),
            malformed(
                "another MSP",
                "FIELD_INVALID: mspId: ",
                "RegisterIdentity",
                "odap.gateway",
                "Alpha/MSP",
                REFERENCE),
            malformed(
                "another hash",
                "FIELD_INVALID: certificateHash: ",
                "RegisterIdentity",
                "odap.gateway",
                "AlphaMSP",
                "00"),
            malformed(
                "no request id",
                "FIELD_MISSING: requestId: ",
                "CreateAsset",
                "",
                COINS,
                "1",
                "AlphaMSP/x"),
            malformed(
                "a long request id",
                "FIELD_INVALID: requestId: ",
                "CreateAsset",
                "r".repeat(129),
                COINS,
                "1",
                "AlphaMSP/x")));
  }

  private static Broken malformedLock(String rule, int position, String value, String told) {
    return new Broken(
        rule,
        RulesTest::nothing,
        (a, t) -> {
          String[] call = {"Lock", ID, "1", DEEDS, "7", a.alicesAccount, a.expiry(), REFERENCE, ""};
          call[position + 1] = value;
          a.channel.submit(a.gateway, call);
        },
        told);
  }

  private static Broken malformed(String rule, String told, String... call) {
    return new Broken(rule, RulesTest::nothing, (a, t) -> a.channel.submit(a.admin, call), told);
  }

  private static Broken broken(
      String rule,
      BiConsumer<Actors, Transfer> before,
      BiConsumer<Actors, Transfer> call,
      String told) {
    return new Broken(rule, before, call, told);
  }

  private static Stream<DynamicTest> tests(Broken... rules) {
    return Stream.of(rules)
        .map(rule -> DynamicTest.dynamicTest(rule.rule(), () -> isRefused(rule)));
  }

  private static void isRefused(Broken rule) {
    Actors actors = new Actors().withAlicesAssets();
    Transfer transfer = Transfer.of(actors);
    rule.before().accept(actors, transfer);
    var state = actors.channel.state();

    assertThatThrownBy(() -> rule.call().accept(actors, transfer))
        .isInstanceOf(ChaincodeException.class)
        .message()
        .startsWith(rule.told())
        .hasLineCount(1)
        .hasSizeLessThan(1_024);
    assertThat(actors.channel.state()).isEqualTo(state);
  }
}
