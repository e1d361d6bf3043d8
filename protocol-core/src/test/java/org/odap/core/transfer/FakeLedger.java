package org.odap.core.transfer;

import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_ANNOUNCED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_CREATED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_EXTINGUISHED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_LOCKED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_RELEASED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_UNSPECIFIED;
import static org.odap.api.ledger.v1.RecordState.RECORD_STATE_WITHDRAWN;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Finality;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.CreateFromTransferRequest;
import org.odap.api.ledger.v1.FinalizeLockRequest;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.LogIncomingRequest;
import org.odap.api.ledger.v1.RecordLocationRequest;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.ledger.v1.StepKey;

/**
 * One transfer's record on a ledger that keeps the contract of odap.ledger.v1: it lets a lock go at
 * its expiry by itself, answers a repeated step with its first answer, and after an undone step
 * never does that step again. Immutable.
 */
public record FakeLedger(
    String dlt,
    String transferId,
    RecordState state,
    Asset asset,
    String account,
    long lockExpiry,
    Map<LedgerStep, Message> asked,
    Map<LedgerStep, LedgerClaim> done) {

  /** Where the asset is, as one ledger sees it. */
  public enum Holding {
    NOTHING,
    LOCKED,
    FREE
  }

  /** A ledger after a step, and what it answers. */
  public record Answered(FakeLedger ledger, Input answer) {}

  public static FakeLedger empty(String dlt, String transferId) {
    return new FakeLedger(
        dlt,
        transferId,
        RECORD_STATE_UNSPECIFIED,
        Asset.getDefaultInstance(),
        "",
        0,
        Map.of(),
        Map.of());
  }

  /** What the ledger of the sender's side holds at an instant. */
  public Holding holdsAsSource(long now) {
    return switch (state) {
      case RECORD_STATE_EXTINGUISHED -> Holding.NOTHING;
      case RECORD_STATE_LOCKED -> now < lockExpiry ? Holding.LOCKED : Holding.FREE;
      default -> Holding.FREE;
    };
  }

  /** What the ledger of the recipient's side holds. */
  public Holding holdsAsDestination() {
    return state == RECORD_STATE_CREATED ? Holding.FREE : Holding.NOTHING;
  }

  /** Does a step by the ledger's own clock. */
  public Answered perform(LedgerStep step, Message request, long now) {
    Message before = asked.get(step);
    boolean lockForbidden = step == LedgerStep.LEDGER_STEP_LOCK && state == RECORD_STATE_RELEASED;
    if (before != null && !lockForbidden) {
      return before.equals(withoutEpoch(request))
          ? new Answered(this, new Input.LedgerDid(done.get(step)))
          : refuse(step, ErrorReason.ERROR_REASON_STEP_CONFLICT);
    }
    return switch (request) {
      case LockRequest lock -> lock(lock, now);
      case FinalizeLockRequest finalize -> finalizeLock(finalize, now);
      case LogIncomingRequest incoming ->
          state == RECORD_STATE_UNSPECIFIED
              ? with(RECORD_STATE_ANNOUNCED, incoming.getAsset(), incoming.getBeneficiary(), 0)
                  .doing(step, request, incoming.getReference())
              : refuse(step, ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
      case CreateFromTransferRequest create ->
          from(RECORD_STATE_ANNOUNCED, RECORD_STATE_CREATED, step, request, create.getReference());
      case RecordLocationRequest location ->
          from(
              RECORD_STATE_EXTINGUISHED,
              RECORD_STATE_EXTINGUISHED,
              step,
              request,
              location.getReference());
      default -> undo(step, request);
    };
  }

  /** A repeat is one whoever makes it. */
  private static Message withoutEpoch(Message request) {
    StepKey key = key(request).toBuilder().clearEpoch().build();
    return request.toBuilder().setField(keyField(request), key).build();
  }

  private static StepKey key(Message request) {
    return (StepKey) request.getField(keyField(request));
  }

  private static FieldDescriptor keyField(Message request) {
    return request.getDescriptorForType().findFieldByName("key");
  }

  /** Refuses a step for good. */
  public Answered refuse(LedgerStep step, ErrorReason reason) {
    return new Answered(this, new Input.LedgerRefused(step, reason, "refused by " + dlt));
  }

  private Answered lock(LockRequest lock, long now) {
    LedgerStep step = LedgerStep.LEDGER_STEP_LOCK;
    if (state != RECORD_STATE_UNSPECIFIED) {
      return refuse(step, ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
    }
    return lock.getLockExpiry() <= now
        ? refuse(step, ErrorReason.ERROR_REASON_LOCK_EXPIRED)
        : with(RECORD_STATE_LOCKED, lock.getAsset(), lock.getOwner(), lock.getLockExpiry())
            .doing(step, lock, lock.getReference());
  }

  private Answered finalizeLock(FinalizeLockRequest finalize, long now) {
    LedgerStep step = LedgerStep.LEDGER_STEP_FINALIZE_LOCK;
    return state == RECORD_STATE_LOCKED && now >= lockExpiry
        ? refuse(step, ErrorReason.ERROR_REASON_LOCK_EXPIRED)
        : from(
            RECORD_STATE_LOCKED,
            RECORD_STATE_EXTINGUISHED,
            step,
            finalize,
            finalize.getReference());
  }

  private Answered undo(LedgerStep step, Message request) {
    RecordState undone =
        step == LedgerStep.LEDGER_STEP_UNLOCK ? RECORD_STATE_RELEASED : RECORD_STATE_WITHDRAWN;
    boolean can =
        Set.of(RECORD_STATE_UNSPECIFIED, RECORD_STATE_LOCKED, RECORD_STATE_ANNOUNCED)
            .contains(state);
    return can
        ? with(undone, asset, account, lockExpiry).doing(step, request, "")
        : refuse(step, ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
  }

  private Answered from(
      RecordState from, RecordState to, LedgerStep step, Message request, String reference) {
    return state == from
        ? with(to, asset, account, lockExpiry).doing(step, request, reference)
        : refuse(step, ErrorReason.ERROR_REASON_STEP_OUT_OF_ORDER);
  }

  private FakeLedger with(RecordState next, Asset moved, String owner, long expiry) {
    return new FakeLedger(dlt, transferId, next, moved, owner, expiry, asked, done);
  }

  private Answered doing(LedgerStep step, Message request, String reference) {
    LedgerClaim.Builder claim =
        LedgerClaim.newBuilder()
            .setDltSystem(dlt)
            .setTransferId(transferId)
            .setStep(step)
            .setAsset(asset)
            .setAccount(account)
            .setTransactionId("tx-" + dlt + "-" + step.getNumber())
            .setBlockNumber(1_000L + step.getNumber())
            .setBlockHash("0x" + "ab".repeat(32))
            .setReference(reference)
            .setFinality(Finality.newBuilder().setFinal(true).setRule("instant").setNodesAsked(1))
            .setProofFormat(Bargain.EVIDENCE_FORMAT)
            .setProof("{}");
    if (step == LedgerStep.LEDGER_STEP_LOCK) {
      claim.setLockExpiry(lockExpiry);
    }
    if (key(request).hasAnchor()) {
      claim.setLogAnchor(key(request).getAnchor());
    }
    Map<LedgerStep, Message> askedNow = new EnumMap<>(LedgerStep.class);
    askedNow.putAll(asked);
    askedNow.put(step, withoutEpoch(request));
    Map<LedgerStep, LedgerClaim> doneNow = new EnumMap<>(LedgerStep.class);
    doneNow.putAll(done);
    doneNow.put(step, claim.build());
    FakeLedger after =
        new FakeLedger(dlt, transferId, state, asset, account, lockExpiry, askedNow, doneNow);
    return new Answered(after, new Input.LedgerDid(claim.build()));
  }
}
