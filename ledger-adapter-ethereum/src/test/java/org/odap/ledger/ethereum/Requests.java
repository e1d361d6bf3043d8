package org.odap.ledger.ethereum;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.GetStepRequest;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;
import org.odap.runtime.ledger.LedgerAdapter;
import org.odap.runtime.rpc.OdapException;

/** Requests that are right as they are. */
final class Requests {
  static final String HASH = "ab".repeat(32);
  private static final long LOCK_MILLIS = 3_600_000;

  private Requests() {}

  static Asset cash(AnvilLedger ledger, long amount) {
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_FUNGIBLE)
        .setAssetClass(ledger.fungibleClass())
        .setAmount(Long.toString(amount))
        .build();
  }

  static Asset title(AnvilLedger ledger) {
    BigInteger id = new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16);
    return Asset.newBuilder()
        .setKind(AssetKind.ASSET_KIND_UNIQUE)
        .setAssetClass(ledger.uniqueClass())
        .setAssetId(id.toString())
        .build();
  }

  /** A lock of cash that a new owner holds and has approved. */
  static LockRequest lockOfCash(AnvilLedger ledger) {
    Asset asset = cash(ledger, 40);
    String owner = ledger.newAccount();
    ledger.mint(asset, owner);
    ledger.approve(asset, owner);
    return LockRequest.newBuilder()
        .setKey(StepKey.newBuilder().setTransferId(UUID.randomUUID().toString()).setEpoch(1))
        .setAsset(asset)
        .setOwner(owner)
        .setLockExpiry(ledger.adapter().describe().getLedgerTime() + LOCK_MILLIS)
        .setReference(HASH)
        .build();
  }

  /** The same request for a transfer that no ledger has heard of. */
  static LockRequest lockOfAnother(LockRequest request) {
    return request.toBuilder()
        .setKey(request.getKey().toBuilder().setTransferId(UUID.randomUUID().toString()))
        .build();
  }

  /**
   * The lock's outcome once it is such as wanted, asked for until then: on a busy machine a call
   * may end before anything was sent, and says so.
   */
  static StepOutcome awaitLock(
      String what, LedgerAdapter adapter, LockRequest request, Predicate<StepOutcome> wanted) {
    AtomicReference<StepOutcome> outcome = new AtomicReference<>();
    Await.until(
        what,
        () -> {
          try {
            outcome.set(adapter.lock(request));
            return wanted.test(outcome.get());
          } catch (OdapException e) {
            assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE);
            return false;
          }
        });
    return outcome.get();
  }

  /** The claim of a lock that gets done without further blocks. */
  static LedgerClaim awaitDone(LedgerAdapter adapter, LockRequest request) {
    return awaitLock("the lock is done", adapter, request, Requests::isDone).getClaim();
  }

  static boolean isDone(StepOutcome outcome) {
    return outcome.getState() == SubmissionState.SUBMISSION_STATE_DONE;
  }

  static GetStepResponse lockOf(LedgerAdapter adapter, LockRequest request, String handle) {
    return adapter.getStep(
        GetStepRequest.newBuilder()
            .setTransferId(request.getKey().getTransferId())
            .setStep(LedgerStep.LEDGER_STEP_LOCK)
            .setHandle(handle)
            .build());
  }
}
