package org.odap.runtime.ledger.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.odap.runtime.ledger.conformance.TransferUnderTest.AGREEMENT;
import static org.odap.runtime.ledger.conformance.TransferUnderTest.COMMIT_FINAL;
import static org.odap.runtime.ledger.conformance.TransferUnderTest.done;
import static org.odap.runtime.ledger.conformance.TransferUnderTest.refused;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.common.v1.LogAnchor;
import org.odap.api.ledger.v1.DescribeResponse;
import org.odap.api.ledger.v1.Holding;
import org.odap.api.ledger.v1.ReadRequest;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.runtime.ledger.References;
import org.odap.runtime.rpc.OdapException;

/**
 * What every ledger must do behind the ledger contract (ODAP 5.10; ARCH 7, 8): the two state
 * machines, idempotent steps, fencing, expiry, refusals, and no asset lost or doubled. An adapter's
 * tests extend this class with the ledger they run it on.
 *
 * <p>Tests share one ledger and run one after the other; each uses transfers, accounts and assets
 * of its own.
 */
@Tag("CARD-6")
public abstract class LedgerConformance {
  private static final long LOCK_MILLIS = 3_600_000;
  private static final int CALLERS = 16;
  private static final BigInteger AMOUNT = BigInteger.valueOf(40);

  /** The ledger to test. */
  protected abstract LedgerUnderTest ledger();

  // What the tests start from.

  private Asset asset(AssetKind kind) {
    return switch (kind) {
      case ASSET_KIND_UNIQUE -> unique();
      case ASSET_KIND_FUNGIBLE -> fungible(AMOUNT);
      case ASSET_KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException(kind.name());
    };
  }

  private Asset unique() {
    BigInteger id = new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16);
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(ledger().uniqueClass())
        .setAssetId(id.toString())
        .build();
  }

  private Asset fungible(BigInteger amount) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(ledger().fungibleClass())
        .setAmount(amount.toString())
        .build();
  }

  /** A new account that owns the asset and has approved its lock. */
  private String ownerOf(Asset asset) {
    String owner = ledger().newAccount();
    ledger().mint(asset, owner);
    ledger().approve(asset, owner);
    return owner;
  }

  private TransferUnderTest transfer() {
    return TransferUnderTest.fresh(ledger());
  }

  /** Whole seconds, as ledgers with coarser clocks round down. */
  private long expiry() {
    return expiryIn(LOCK_MILLIS);
  }

  /** An expiry that the test waits for. */
  private long nearExpiry() {
    return expiryIn(ledger().shortLockMillis());
  }

  private long expiryIn(long millis) {
    return (ledger().adapter().describe().getLedgerTime() + millis) / 1_000 * 1_000;
  }

  private BigInteger held(Asset asset, String account) {
    if (asset.getKind() == AssetKind.ASSET_KIND_FUNGIBLE) {
      return ledger().balance(asset.getAssetClass(), account);
    }
    return ledger().owner(asset).filter(account::equals).isPresent()
        ? BigInteger.ONE
        : BigInteger.ZERO;
  }

  private static BigInteger units(Asset asset) {
    return asset.getKind() == AssetKind.ASSET_KIND_FUNGIBLE
        ? new BigInteger(asset.getAmount())
        : BigInteger.ONE;
  }

  private static String reference(StepOutcome outcome) {
    return References.to(done(outcome).getTransactionId());
  }

  private static <T> List<T> atOnce(List<Callable<T>> calls)
      throws InterruptedException, ExecutionException {
    CyclicBarrier start = new CyclicBarrier(calls.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> running = new ArrayList<>();
      for (Callable<T> call : calls) {
        running.add(
            threads.submit(() -> {
              start.await();
              return call.call();
            }));
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> future : running) {
        answers.add(future.get());
      }
      return answers;
    }
  }

  // The sender's ledger.

  @ParameterizedTest
  @EnumSource(names = {"ASSET_KIND_UNIQUE", "ASSET_KIND_FUNGIBLE"})
  @Tag("ARCH-1")
  void locksExtinguishesAndRecordsTheLocation(AssetKind kind) {
    Asset asset = asset(kind);
    String owner = ownerOf(asset);
    BigInteger supply = ledger().supply(asset.getAssetClass());
    TransferUnderTest transfer = transfer();
    long expiry = expiry();

    LedgerClaim lock = done(transfer.lock(asset, owner, expiry));
    assertClaim(lock, transfer, LedgerStep.LEDGER_STEP_LOCK, asset, owner, AGREEMENT);
    assertThat(lock.getLockExpiry()).isEqualTo(expiry);
    assertThat(transfer.step(LedgerStep.LEDGER_STEP_LOCK).getRecordState())
        .isEqualTo(RecordState.RECORD_STATE_LOCKED);
    assertThat(ledger().supply(asset.getAssetClass())).isEqualTo(supply);

    String toLock = References.to(lock.getTransactionId());
    LedgerClaim extinguished = done(transfer.finalizeLock(toLock));
    assertClaim(extinguished, transfer, LedgerStep.LEDGER_STEP_FINALIZE_LOCK, asset, owner, toLock);
    assertThat(transfer.step(LedgerStep.LEDGER_STEP_FINALIZE_LOCK).getRecordState())
        .isEqualTo(RecordState.RECORD_STATE_EXTINGUISHED);
    assertThat(ledger().supply(asset.getAssetClass())).isEqualTo(supply.subtract(units(asset)));
    assertThat(held(asset, owner)).isZero();

    String toFinal = References.to(extinguished.getTransactionId());
    LedgerClaim location = done(transfer.recordLocation(toFinal, "0xabc"));
    assertClaim(location, transfer, LedgerStep.LEDGER_STEP_RECORD_LOCATION, asset, owner, toFinal);
    assertThat(
            List.of(
                lock.getTransactionId(),
                extinguished.getTransactionId(),
                location.getTransactionId()))
        .doesNotHaveDuplicates();
    assertThat(lock.getBlockNumber())
        .isPositive()
        .isLessThanOrEqualTo(extinguished.getBlockNumber());
  }

  @ParameterizedTest
  @EnumSource(names = {"ASSET_KIND_UNIQUE", "ASSET_KIND_FUNGIBLE"})
  @Tag("ARCH-1")
  void unlockGivesTheAssetBackAndItCanBeLockedAgain(AssetKind kind) {
    Asset asset = asset(kind);
    String owner = ownerOf(asset);
    TransferUnderTest first = transfer();
    done(first.lock(asset, owner, expiry()));

    done(first.unlock());

    assertThat(first.step(LedgerStep.LEDGER_STEP_UNLOCK).getRecordState())
        .isEqualTo(RecordState.RECORD_STATE_RELEASED);
    assertThat(held(asset, owner)).isEqualTo(units(asset));
    ledger().approve(asset, owner);
    done(transfer().lock(asset, owner, expiry()));
  }

  /** Recovery-01 4.4: the hash stands on the ledger with the step, and no repeat changes it. */
  @Test
  @Tag("2PC-5")
  void theHashOfTheLogIsRecordedWithTheStepAndStays() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    TransferUnderTest transfer = transfer();
    long expiry = expiry();
    LogAnchor first = anchor(3);
    LogAnchor second = anchor(9);

    LedgerClaim lock = done(transfer.anchoredAt(first).lock(asset, owner, expiry));
    assertThat(lock.getLogAnchor()).isEqualTo(first);
    assertThat(done(transfer.anchoredAt(second).lock(asset, owner, expiry))).isEqualTo(lock);
    assertThat(done(transfer.lock(asset, owner, expiry)).getLogAnchor()).isEqualTo(first);
    assertThat(done(transfer.step(LedgerStep.LEDGER_STEP_LOCK).getOutcome()).getLogAnchor())
        .isEqualTo(first);
    assertThat(ledger().adapter().verifyEvidence(lock)).isNotEmpty();
    LedgerClaim forged = lock.toBuilder().setLogAnchor(second).build();
    assertThatThrownBy(() -> ledger().adapter().verifyEvidence(forged))
        .isInstanceOf(OdapException.class);

    String toLock = References.to(lock.getTransactionId());
    LedgerClaim extinguished = done(transfer.anchoredAt(second).finalizeLock(toLock));
    assertThat(extinguished.getLogAnchor()).isEqualTo(second);
    String toFinal = References.to(extinguished.getTransactionId());
    assertThat(done(transfer.anchoredAt(second).recordLocation(toFinal, "0x1")).getLogAnchor())
        .isEqualTo(second);
    assertThat(done(transfer().unlock()).hasLogAnchor()).isFalse();
  }

  private static LogAnchor anchor(int seqNumber) {
    return LogAnchor.newBuilder()
        .setSeqNumber(seqNumber)
        .setLogEntryHash(References.sha256(new byte[] {(byte) seqNumber}))
        .build();
  }

  @Test
  void unlockBeforeLockForbidsTheLock() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    TransferUnderTest transfer = transfer();

    done(transfer.unlock());

    refused(transfer.lock(asset, owner, expiry()), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    done(transfer().lock(asset, owner, expiry()));
  }

  @Test
  void unlockAfterFinalizeIsRefused() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    TransferUnderTest transfer = transfer();
    done(transfer.finalizeLock(reference(transfer.lock(asset, owner, expiry()))));

    refused(transfer.unlock(), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    assertThat(ledger().owner(asset)).isEmpty();
  }

  @Test
  void finalizeAndLocationNeedWhatGoesBefore() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    TransferUnderTest unknown = transfer();
    refused(unknown.finalizeLock(AGREEMENT), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    refused(unknown.recordLocation(AGREEMENT, "0x1"), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);

    TransferUnderTest unlocked = transfer();
    String toLock = reference(unlocked.lock(asset, owner, expiry()));
    refused(unlocked.recordLocation(toLock, "0x1"), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    done(unlocked.unlock());
    refused(unlocked.finalizeLock(toLock), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    assertThat(ledger().owner(asset)).contains(owner);
  }

  // Expiry.

  @ParameterizedTest
  @EnumSource(names = {"ASSET_KIND_UNIQUE", "ASSET_KIND_FUNGIBLE"})
  @Tag("ODAP-20")
  void anExpiredLockCanNotBeFinalizedAndLetsTheAssetGo(AssetKind kind) {
    Asset asset = asset(kind);
    String owner = ownerOf(asset);
    BigInteger supply = ledger().supply(asset.getAssetClass());
    TransferUnderTest expired = transfer();
    long expiry = nearExpiry();
    String toLock = reference(expired.lock(asset, owner, expiry));

    ledger().advancePast(expiry);

    refused(expired.finalizeLock(toLock), ErrorReason.ERROR_REASON_LOCK_EXPIRED);
    ledger().reclaim(expired.id());
    assertThat(held(asset, owner)).isEqualTo(units(asset));
    ledger().approve(asset, owner);
    TransferUnderTest next = transfer();
    String toNextLock = reference(next.lock(asset, owner, expiry()));
    done(expired.unlock());
    done(next.finalizeLock(toNextLock));
    assertThat(ledger().supply(asset.getAssetClass())).isEqualTo(supply.subtract(units(asset)));
  }

  @Test
  @Tag("ODAP-20")
  void finalizedBeforeTheExpiryStaysFinalizedAfterIt() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    long expiry = nearExpiry();
    TransferUnderTest transfer = transfer();
    String toLock = reference(transfer.lock(asset, owner, expiry));
    StepOutcome first = transfer.finalizeLock(toLock);

    ledger().advancePast(expiry);

    assertThat(done(transfer.finalizeLock(toLock)).getTransactionId())
        .isEqualTo(done(first).getTransactionId());
    refused(transfer.unlock(), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    assertThat(ledger().owner(asset)).isEmpty();
  }

  // Refusals of a lock.

  /** A lock that no ledger takes, and what the client is told: what is wrong and what to do. */
  private record RefusedLock(
      Asset asset, String owner, long expiry, ErrorReason reason, String words) {}

  @TestFactory
  Stream<DynamicTest> aRefusedLockSaysInOneLineWhatIsWrongAndWhatToDo() {
    return Stream.of(
        refusedLock("of an unknown class", this::ofAnUnknownClass),
        refusedLock("of a class of the other kind", this::ofTheOtherKind),
        refusedLock("of an asset that is not here", this::ofAnUnknownAsset),
        refusedLock("of somebody else's asset", this::ofSomebodyElsesAsset),
        refusedLock("without consent", () -> withoutConsent(unique())),
        refusedLock("of units without consent", () -> withoutConsent(fungible(AMOUNT))),
        refusedLock("of an asset that is locked", this::ofALockedAsset),
        refusedLock("of more than there is", this::ofMoreThanThereIs),
        refusedLock("that would be expired at once", this::expiredAtOnce));
  }

  private DynamicTest refusedLock(String name, Supplier<RefusedLock> given) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          RefusedLock lock = given.get();
          StepOutcome outcome = transfer().lock(lock.asset(), lock.owner(), lock.expiry());
          refused(outcome, lock.reason());
          assertThat(outcome.getDescription()).isEqualTo(lock.words());
        });
  }

  private RefusedLock ofAnUnknownClass() {
    return classRefused(unique().toBuilder().setAssetClass(ledger().unknownClass()).build());
  }

  private RefusedLock ofTheOtherKind() {
    return classRefused(unique().toBuilder().setAssetClass(ledger().fungibleClass()).build());
  }

  private RefusedLock classRefused(Asset asset) {
    return new RefusedLock(
        asset,
        ledger().newAccount(),
        expiry(),
        ErrorReason.ERROR_REASON_ASSET_UNKNOWN,
        "no class %s of this kind on this ledger; correct the class in the asset profile's configuration, or have the ledger's operator add it"
            .formatted(asset.getAssetClass()));
  }

  private RefusedLock ofAnUnknownAsset() {
    Asset asset = unique();
    return new RefusedLock(
        asset,
        ledger().newAccount(),
        expiry(),
        ErrorReason.ERROR_REASON_ASSET_UNKNOWN,
        "no asset %s of class %s on this ledger; check the id and where the asset is, then try again"
            .formatted(asset.getAssetId(), asset.getAssetClass()));
  }

  private RefusedLock ofSomebodyElsesAsset() {
    Asset asset = unique();
    ownerOf(asset);
    String other = ledger().newAccount();
    return new RefusedLock(
        asset,
        other,
        expiry(),
        ErrorReason.ERROR_REASON_ASSET_NOT_OWNED,
        "asset %s of class %s does not belong to %s; name its owner's account instead"
            .formatted(asset.getAssetId(), asset.getAssetClass(), other));
  }

  private RefusedLock withoutConsent(Asset asset) {
    String owner = ledger().newAccount();
    ledger().mint(asset, owner);
    return new RefusedLock(
        asset,
        owner,
        expiry(),
        ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED,
        "%s has not approved this lock of class %s; have the owner approve it on the ledger, then try again"
            .formatted(owner, asset.getAssetClass()));
  }

  private RefusedLock ofALockedAsset() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    done(transfer().lock(asset, owner, expiry()));
    return new RefusedLock(
        asset,
        owner,
        expiry(),
        ErrorReason.ERROR_REASON_ASSET_LOCKED,
        "asset %s of class %s is locked by another transfer; wait until that has ended, then try again"
            .formatted(asset.getAssetId(), asset.getAssetClass()));
  }

  private RefusedLock ofMoreThanThereIs() {
    String owner = ownerOf(fungible(BigInteger.valueOf(100)));
    Asset more = fungible(BigInteger.valueOf(101));
    return new RefusedLock(
        more,
        owner,
        expiry(),
        ErrorReason.ERROR_REASON_BALANCE_TOO_LOW,
        "%s has of class %s value: 100 (expected: at least 101); name a smaller amount, or fill the account first"
            .formatted(owner, more.getAssetClass()));
  }

  private RefusedLock expiredAtOnce() {
    Asset asset = unique();
    long past = ledger().adapter().describe().getLedgerTime() - 60_000;
    return new RefusedLock(
        asset,
        ownerOf(asset),
        past,
        ErrorReason.ERROR_REASON_LOCK_EXPIRED,
        "the lock's end, %s, has passed by the ledger's clock; try again with a longer lock"
            .formatted(Instant.ofEpochMilli(past)));
  }

  @ParameterizedTest
  @EnumSource(names = {"ASSET_KIND_UNIQUE", "ASSET_KIND_FUNGIBLE"})
  void aLockWithoutTheOwnersConsentIsRefused(AssetKind kind) {
    Asset asset = asset(kind);
    String owner = ledger().newAccount();
    ledger().mint(asset, owner);

    refused(transfer().lock(asset, owner, expiry()), ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);
    assertThat(held(asset, owner)).isEqualTo(units(asset));
  }

  @Test
  void moreThanTheBalanceIsRefusedAndLockedUnitsDoNotCount() {
    Asset most = fungible(BigInteger.valueOf(60));
    String owner = ownerOf(fungible(BigInteger.valueOf(100)));
    refused(
        transfer().lock(fungible(BigInteger.valueOf(101)), owner, expiry()),
        ErrorReason.ERROR_REASON_BALANCE_TOO_LOW);

    done(transfer().lock(most, owner, expiry()));
    ledger().approve(most, owner);

    refused(transfer().lock(most, owner, expiry()), ErrorReason.ERROR_REASON_BALANCE_TOO_LOW);
    assertThat(ledger().balance(most.getAssetClass(), owner)).isEqualTo(40);
  }

  @Test
  void aRefusedLockLeavesNothingBehind() {
    Asset asset = unique();
    String owner = ledger().newAccount();
    ledger().mint(asset, owner);
    TransferUnderTest transfer = transfer();
    refused(transfer.lock(asset, owner, expiry()), ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED);
    assertThatThrownBy(() -> transfer.step(LedgerStep.LEDGER_STEP_LOCK))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_STEP_UNKNOWN));

    ledger().approve(asset, owner);

    done(transfer.lock(asset, owner, expiry()));
  }

  // The recipient's ledger.

  @ParameterizedTest
  @EnumSource(names = {"ASSET_KIND_UNIQUE", "ASSET_KIND_FUNGIBLE"})
  @Tag("ARCH-1")
  void announcesAndCreates(AssetKind kind) {
    Asset asset = asset(kind);
    String beneficiary = ledger().newAccount();
    BigInteger supply = ledger().supply(asset.getAssetClass());
    TransferUnderTest transfer = transfer();

    LedgerClaim announced = done(transfer.logIncoming(asset, beneficiary));
    assertClaim(
        announced, transfer, LedgerStep.LEDGER_STEP_LOG_INCOMING, asset, beneficiary, AGREEMENT);
    assertThat(transfer.step(LedgerStep.LEDGER_STEP_LOG_INCOMING).getRecordState())
        .isEqualTo(RecordState.RECORD_STATE_ANNOUNCED);
    assertThat(ledger().supply(asset.getAssetClass())).isEqualTo(supply);
    assertThat(held(asset, beneficiary)).isZero();

    String toAnnouncement = References.to(announced.getTransactionId());
    LedgerClaim created = done(transfer.create(toAnnouncement));
    assertClaim(
        created, transfer, LedgerStep.LEDGER_STEP_CREATE, asset, beneficiary, toAnnouncement);
    assertThat(transfer.step(LedgerStep.LEDGER_STEP_CREATE).getRecordState())
        .isEqualTo(RecordState.RECORD_STATE_CREATED);
    assertThat(ledger().supply(asset.getAssetClass())).isEqualTo(supply.add(units(asset)));
    assertThat(held(asset, beneficiary)).isEqualTo(units(asset));
    assertThat(created.getTransactionId()).isNotEqualTo(announced.getTransactionId());
  }

  @ParameterizedTest
  @EnumSource(names = {"ASSET_KIND_UNIQUE", "ASSET_KIND_FUNGIBLE"})
  void aWithdrawnAnnouncementCanNotBeCreated(AssetKind kind) {
    Asset asset = asset(kind);
    String beneficiary = ledger().newAccount();
    TransferUnderTest transfer = transfer();
    String toAnnouncement = reference(transfer.logIncoming(asset, beneficiary));

    done(transfer.withdraw());

    assertThat(transfer.step(LedgerStep.LEDGER_STEP_WITHDRAW).getRecordState())
        .isEqualTo(RecordState.RECORD_STATE_WITHDRAWN);
    refused(transfer.create(toAnnouncement), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    assertThat(held(asset, beneficiary)).isZero();
    done(transfer().logIncoming(asset, beneficiary));
  }

  @Test
  void withdrawBeforeTheAnnouncementForbidsIt() {
    TransferUnderTest transfer = transfer();
    done(transfer.withdraw());

    refused(
        transfer.logIncoming(unique(), ledger().newAccount()),
        ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
  }

  @Test
  void createNeedsAnAnnouncementAndWithdrawIsRefusedAfterIt() {
    refused(transfer().create(AGREEMENT), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);

    Asset asset = unique();
    String beneficiary = ledger().newAccount();
    TransferUnderTest transfer = transfer();
    done(transfer.create(reference(transfer.logIncoming(asset, beneficiary))));
    refused(transfer.withdraw(), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    assertThat(ledger().owner(asset)).contains(beneficiary);
  }

  @Test
  void anAssetThatIsHereOrAnnouncedCanNotBeAnnounced() {
    Asset here = unique();
    ownerOf(here);
    refused(
        transfer().logIncoming(here, ledger().newAccount()), ErrorReason.ERROR_REASON_ASSET_EXISTS);

    Asset coming = unique();
    done(transfer().logIncoming(coming, ledger().newAccount()));
    refused(
        transfer().logIncoming(coming, ledger().newAccount()),
        ErrorReason.ERROR_REASON_ASSET_EXISTS);
  }

  @Test
  void anAnnouncementForAnUnknownClassOrAMalformedAccountIsRefused() {
    refused(
        transfer()
            .logIncoming(
                unique().toBuilder().setAssetClass(ledger().unknownClass()).build(),
                ledger().newAccount()),
        ErrorReason.ERROR_REASON_ASSET_UNKNOWN);
    refused(
        transfer().logIncoming(unique(), ledger().malformedAccount()),
        ErrorReason.ERROR_REASON_ACCOUNT_INVALID);
  }

  // Repeats.

  @Test
  void everyStepAnswersARepeatWithWhatTheFirstDid() {
    Asset out = fungible(AMOUNT);
    String owner = ownerOf(out);
    long expiry = expiry();
    TransferUnderTest sender = transfer();
    assertRepeats(sender, LedgerStep.LEDGER_STEP_LOCK, t -> t.lock(out, owner, expiry));
    assertRepeats(sender, LedgerStep.LEDGER_STEP_FINALIZE_LOCK, t -> t.finalizeLock(AGREEMENT));
    assertRepeats(
        sender, LedgerStep.LEDGER_STEP_RECORD_LOCATION, t -> t.recordLocation(AGREEMENT, "0x1"));
    // A late repeat of an earlier step is answered too.
    assertRepeats(sender, LedgerStep.LEDGER_STEP_LOCK, t -> t.lock(out, owner, expiry));

    Asset in = fungible(AMOUNT);
    String beneficiary = ledger().newAccount();
    TransferUnderTest recipient = transfer();
    assertRepeats(
        recipient, LedgerStep.LEDGER_STEP_LOG_INCOMING, t -> t.logIncoming(in, beneficiary));
    assertRepeats(recipient, LedgerStep.LEDGER_STEP_CREATE, t -> t.create(AGREEMENT));
    assertRepeats(
        recipient, LedgerStep.LEDGER_STEP_LOG_INCOMING, t -> t.logIncoming(in, beneficiary));
    assertThat(ledger().balance(in.getAssetClass(), beneficiary)).isEqualTo(AMOUNT);
  }

  @Test
  void everyRollbackStepAnswersARepeatWithWhatTheFirstDid() {
    Asset asset = fungible(AMOUNT);
    String owner = ownerOf(asset);
    TransferUnderTest sender = transfer();
    done(sender.lock(asset, owner, expiry()));
    assertRepeats(sender, LedgerStep.LEDGER_STEP_UNLOCK, TransferUnderTest::unlock);
    assertThat(ledger().balance(asset.getAssetClass(), owner)).isEqualTo(AMOUNT);
    assertRepeats(transfer(), LedgerStep.LEDGER_STEP_UNLOCK, TransferUnderTest::unlock);

    TransferUnderTest recipient = transfer();
    done(recipient.logIncoming(asset, ledger().newAccount()));
    assertRepeats(recipient, LedgerStep.LEDGER_STEP_WITHDRAW, TransferUnderTest::withdraw);
    assertRepeats(transfer(), LedgerStep.LEDGER_STEP_WITHDRAW, TransferUnderTest::withdraw);
  }

  @Test
  void aRepeatWithOtherParametersIsAConflict() {
    Asset asset = fungible(AMOUNT);
    String owner = ownerOf(asset);
    long expiry = expiry();
    TransferUnderTest sender = transfer();
    done(sender.lock(asset, owner, expiry));
    ErrorReason conflict = ErrorReason.ERROR_REASON_STEP_CONFLICT;
    refused(sender.lock(fungible(BigInteger.ONE), owner, expiry), conflict);
    refused(sender.lock(asset, ledger().newAccount(), expiry), conflict);
    refused(sender.lock(asset, owner, expiry + 60_000), conflict);
    refused(sender.lock(asset, owner, expiry, COMMIT_FINAL), conflict);
    done(sender.finalizeLock(AGREEMENT));
    refused(sender.finalizeLock(COMMIT_FINAL), conflict);
    done(sender.recordLocation(AGREEMENT, "0x1"));
    refused(sender.recordLocation(AGREEMENT, "0x2"), conflict);

    String beneficiary = ledger().newAccount();
    TransferUnderTest recipient = transfer();
    done(recipient.logIncoming(asset, beneficiary));
    refused(recipient.logIncoming(fungible(BigInteger.ONE), beneficiary), conflict);
    refused(recipient.logIncoming(asset, ledger().newAccount()), conflict);
    refused(recipient.logIncoming(asset, beneficiary, COMMIT_FINAL), conflict);
    done(recipient.create(AGREEMENT));
    refused(recipient.create(COMMIT_FINAL), conflict);
    refused(recipient.create(AGREEMENT, AGREEMENT), conflict);
    assertThat(ledger().balance(asset.getAssetClass(), beneficiary)).isEqualTo(AMOUNT);
  }

  @Test
  void oneTransferMayHaveBothItsLedgersHere() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    String beneficiary = ledger().newAccount();
    Asset elsewhere = fungible(AMOUNT);
    TransferUnderTest transfer = transfer();

    StepOutcome lock = transfer.lock(asset, owner, expiry());
    StepOutcome announcement = transfer.logIncoming(elsewhere, beneficiary);
    done(transfer.finalizeLock(reference(lock)));
    done(transfer.create(reference(announcement)));

    assertThat(ledger().owner(asset)).isEmpty();
    assertThat(ledger().balance(elsewhere.getAssetClass(), beneficiary)).isEqualTo(AMOUNT);
  }

  // Fencing.

  @Test
  void aLowerEpochIsFencedOff() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    TransferUnderTest old = transfer();
    TransferUnderTest taken = old.inEpoch(9);
    long expiry = expiry();
    StepOutcome lock = old.lock(asset, owner, expiry);
    // The new writer repeats the step: from now on the ledger knows its epoch.
    assertThat(reference(taken.lock(asset, owner, expiry))).isEqualTo(reference(lock));

    ErrorReason stale = ErrorReason.ERROR_REASON_EPOCH_STALE;
    refused(old.lock(asset, owner, expiry), stale);
    refused(old.finalizeLock(reference(lock)), stale);
    refused(old.unlock(), stale);
    done(taken.finalizeLock(reference(lock)));
    refused(old.recordLocation(reference(lock), "0x1"), stale);

    TransferUnderTest recipient = transfer();
    TransferUnderTest takenRecipient = recipient.inEpoch(9);
    Asset coming = unique();
    String beneficiary = ledger().newAccount();
    StepOutcome announced = takenRecipient.logIncoming(coming, beneficiary);
    refused(recipient.logIncoming(coming, beneficiary), stale);
    refused(recipient.create(reference(announced)), stale);
    refused(recipient.withdraw(), stale);
    done(takenRecipient.create(reference(announced)));
  }

  // Many at once.

  @Test
  void theSameStepManyTimesAtOnceHasOneEffect() throws Exception {
    for (int round = 0; round < ledger().raceRounds(); round++) {
      raceEachStep(unique());
      raceEachStep(fungible(AMOUNT));
    }
  }

  private void raceEachStep(Asset asset) throws Exception {
    String owner = ownerOf(asset);
    String beneficiary = ledger().newAccount();
    BigInteger supply = ledger().supply(asset.getAssetClass());
    long expiry = expiry();
    TransferUnderTest sender = transfer();
    TransferUnderTest recipient = transfer();

    assertOneEffect(sender, t -> t.lock(asset, owner, expiry));
    assertOneEffect(sender, t -> t.finalizeLock(AGREEMENT));
    assertThat(held(asset, owner)).isZero();
    assertOneEffect(recipient, t -> t.logIncoming(asset, beneficiary));
    assertOneEffect(recipient, t -> t.create(AGREEMENT));

    assertThat(held(asset, beneficiary)).isEqualTo(units(asset));
    assertThat(ledger().supply(asset.getAssetClass())).isEqualTo(supply);
  }

  @Test
  void ofTransfersRacingForOneAssetOneGetsIt() throws Exception {
    Asset asset = unique();
    String owner = ownerOf(asset);
    long expiry = expiry();
    List<Callable<StepOutcome>> races =
        IntStream.range(0, CALLERS / 2)
            .<Callable<StepOutcome>>mapToObj(i -> () -> transfer().lock(asset, owner, expiry))
            .toList();

    List<StepOutcome> outcomes = atOnce(races);

    List<StepOutcome> won =
        outcomes.stream()
            .filter(o -> o.getState() == SubmissionState.SUBMISSION_STATE_DONE)
            .toList();
    assertThat(won).hasSize(1);
    assertThat(outcomes)
        .filteredOn(o -> o.getState() != SubmissionState.SUBMISSION_STATE_DONE)
        .allSatisfy(o -> refused(o, ErrorReason.ERROR_REASON_ASSET_LOCKED));
  }

  @Test
  void unlockAndFinalizeAtOnceHaveOneWinner() throws Exception {
    for (int round = 0; round < ledger().raceRounds(); round++) {
      raceUnlockAndFinalize(unique());
      raceUnlockAndFinalize(fungible(AMOUNT));
    }
  }

  private void raceUnlockAndFinalize(Asset asset) throws Exception {
    String owner = ownerOf(asset);
    TransferUnderTest transfer = transfer();
    String toLock = reference(transfer.lock(asset, owner, expiry()));

    List<StepOutcome> outcomes =
        atOnce(List.of(transfer::unlock, () -> transfer.throughReplica().finalizeLock(toLock)));

    boolean unlocked = outcomes.getFirst().getState() == SubmissionState.SUBMISSION_STATE_DONE;
    refused(outcomes.get(unlocked ? 1 : 0), ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    done(outcomes.get(unlocked ? 0 : 1));
    assertThat(held(asset, owner)).isEqualTo(unlocked ? units(asset) : BigInteger.ZERO);
  }

  @Test
  void unitsOfOneAccountLockedByManyTransfersAtOnceNeverExceedItsBalance() throws Exception {
    Asset all = fungible(BigInteger.TEN);
    Asset part = fungible(BigInteger.TWO);
    String owner = ownerOf(all);
    long expiry = expiry();

    List<StepOutcome> outcomes =
        atOnce(
            IntStream.range(0, CALLERS / 2)
                .<Callable<StepOutcome>>mapToObj(i -> () -> transfer().lock(part, owner, expiry))
                .toList());

    assertThat(outcomes)
        .filteredOn(o -> o.getState() == SubmissionState.SUBMISSION_STATE_DONE)
        .hasSize(5);
    assertThat(ledger().balance(all.getAssetClass(), owner)).isZero();
  }

  // Questions.

  @ParameterizedTest
  @EnumSource(names = {"ASSET_KIND_UNIQUE", "ASSET_KIND_FUNGIBLE"})
  void anAssetThatLeftMayComeBack(AssetKind kind) {
    Asset asset = asset(kind);
    String owner = ownerOf(asset);
    BigInteger supply = ledger().supply(asset.getAssetClass());
    for (int round = 0; round < 2; round++) {
      TransferUnderTest out = transfer();
      done(out.finalizeLock(reference(out.lock(asset, owner, expiry()))));
      TransferUnderTest back = transfer();
      done(back.create(reference(back.logIncoming(asset, owner))));
      assertThat(ledger().supply(asset.getAssetClass())).isEqualTo(supply);
      assertThat(held(asset, owner)).isEqualTo(units(asset));
      ledger().approve(asset, owner);
    }
  }

  @Test
  void readShowsWhoHoldsWhatAndForWhomItIsLocked() {
    Asset asset = unique();
    String owner = ownerOf(asset);
    ReadRequest question = ReadRequest.newBuilder().setAsset(asset).build();
    Holding free = ledger().adapter().read(question).getHoldings(0);
    assertThat(free.getAccount()).isEqualTo(owner);
    assertThat(free.getAssetId()).isEqualTo(asset.getAssetId());
    assertThat(free.getState()).isEqualTo(RecordState.RECORD_STATE_AVAILABLE);

    TransferUnderTest transfer = transfer();
    long expiry = expiry();
    done(transfer.lock(asset, owner, expiry));

    Holding locked = ledger().adapter().read(question).getHoldings(0);
    assertThat(locked.getAccount()).isEqualTo(owner);
    assertThat(locked.getState()).isEqualTo(RecordState.RECORD_STATE_LOCKED);
    assertThat(locked.getTransferId()).isEqualTo(transfer.id());
    assertThat(locked.getLockExpiry()).isEqualTo(expiry);
  }

  @Test
  void readOfAnAssetThatIsNotHereIsRefused() {
    assertThatThrownBy(
            () -> ledger().adapter().read(ReadRequest.newBuilder().setAsset(unique()).build()))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_ASSET_UNKNOWN));
  }

  @Test
  void describesItself() {
    DescribeResponse description = ledger().adapter().describe();
    assertThat(description.getDltSystem()).isNotBlank();
    assertThat(description.getLedgerKind()).isNotBlank();
    assertThat(description.getCapabilitiesList())
        .contains("TRANSFER_STEPS", "UNIQUE", "FUNGIBLE", "LOCK", "UNLOCK", "READ");
    assertThat(description.getFinalityRule()).isNotBlank();
    assertThat(description.getLedgerTime()).isPositive();
    LedgerClaim claim = done(transfer().logIncoming(unique(), ledger().newAccount()));
    assertThat(claim.getFinality().getRule()).isEqualTo(description.getFinalityRule());
    assertThat(claim.getDltSystem()).isEqualTo(description.getDltSystem());
    assertThat(description.getEvidenceFormatsList()).contains(claim.getProofFormat());
  }

  @Test
  void provesAStepInItsOwnFormat() {
    Asset asset = fungible(AMOUNT);
    String owner = ownerOf(asset);
    LedgerClaim claim = done(transfer().lock(asset, owner, expiry()));

    assertThat(ledger().adapter().verifyEvidence(claim)).isNotEmpty();
    LedgerClaim doctored = claim.toBuilder().setAsset(asset.toBuilder().setAmount("41")).build();
    assertThatThrownBy(() -> ledger().adapter().verifyEvidence(doctored))
        .isInstanceOfSatisfying(
            OdapException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_CLAIM_WRONG));
  }

  // What the tests assert.

  private void assertClaim(
      LedgerClaim claim,
      TransferUnderTest transfer,
      LedgerStep step,
      Asset asset,
      String account,
      String reference) {
    assertThat(claim.getTransferId()).isEqualTo(transfer.id());
    assertThat(claim.getStep()).isEqualTo(step);
    assertThat(claim.getAsset()).isEqualTo(asset);
    assertThat(claim.getAccount()).isEqualTo(account);
    assertThat(claim.getReference()).isEqualTo(reference);
    assertThat(claim.getTransactionId()).isNotBlank();
    assertThat(claim.getBlockNumber()).isPositive();
    assertThat(claim.getDltSystem()).isEqualTo(ledger().adapter().describe().getDltSystem());
  }

  private void assertRepeats(TransferUnderTest transfer, LedgerStep step, Step act) {
    LedgerClaim first = done(act.on(transfer));
    assertSameTransaction(first, done(act.on(transfer)));
    assertSameTransaction(first, done(act.on(transfer.throughReplica())));
    assertSameTransaction(first, done(transfer.step(step).getOutcome()));
  }

  /** The same claim; what a ledger counts up since then (confirmations) may differ. */
  private static void assertSameTransaction(LedgerClaim first, LedgerClaim other) {
    assertThat(other.toBuilder().clearFinality().clearProof().build())
        .isEqualTo(first.toBuilder().clearFinality().clearProof().build());
  }

  private void assertOneEffect(TransferUnderTest transfer, Step act) throws Exception {
    List<StepOutcome> outcomes =
        atOnce(
            IntStream.range(0, CALLERS)
                .<Callable<StepOutcome>>mapToObj(
                    i -> () -> act.on(i % 2 == 0 ? transfer : transfer.throughReplica()))
                .toList());
    assertThat(outcomes.stream().map(o -> done(o).getTransactionId()).distinct()).hasSize(1);
  }

  /** A step of a transfer. */
  private interface Step {
    StepOutcome on(TransferUnderTest transfer);
  }
}
