package org.odap.core.simulation;

import com.google.protobuf.Message;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.LockRequest;
import org.odap.api.ledger.v1.StepKey;
import org.odap.core.transfer.FakeLedger;
import org.odap.core.transfer.FakeLedger.Holding;
import org.odap.core.transfer.Input;

/**
 * A ledger with its adapter: the contract's record of each transfer, and what there is of assets.
 * It never forgets, and takes no step of a writer that another has replaced.
 */
final class Ledger extends Node {
  private final String dlt;
  private final Events events;
  private final Consumer<String> changed;
  private final Map<String, FakeLedger> records = new LinkedHashMap<>();
  private final Map<String, Long> epochs = new HashMap<>();
  private final TreeSet<String> unique = new TreeSet<>();
  private BigInteger amount = BigInteger.ZERO;
  private boolean refuses = true;

  /**
   * One that holds nothing.
   *
   * @param changed told of each transfer whose record has changed
   */
  Ledger(Events events, String dlt, long skewMillis, Consumer<String> changed) {
    super(events, dlt, skewMillis);
    this.events = events;
    this.changed = changed;
    this.dlt = dlt;
  }

  void issue(String assetId) {
    unique.add(assetId);
  }

  void issue(BigInteger more) {
    amount = amount.add(more);
  }

  Set<String> unique() {
    return unique;
  }

  BigInteger amount() {
    return amount;
  }

  FakeLedger record(String transfer) {
    return records.getOrDefault(transfer, FakeLedger.empty(dlt, transfer));
  }

  /** From now on it refuses only what it must. */
  void heal() {
    refuses = false;
  }

  /** Does a step; empty = the caller is no longer the one who may. */
  Optional<Input> perform(LedgerStep step, Message request) {
    StepKey key = (StepKey) request.getField(request.getDescriptorForType().findFieldByName("key"));
    String transfer = key.getTransferId();
    long epoch = key.getEpoch();
    if (epoch < epochs.getOrDefault(transfer, 0L)) {
      return Optional.empty();
    }
    epochs.put(transfer, epoch);
    FakeLedger record = record(transfer);
    boolean first = !record.done().containsKey(step);
    if (first && request instanceof LockRequest lock && !canLock(transfer, lock.getAsset())) {
      return Optional.of(record.refuse(step, ErrorReason.ERROR_REASON_ASSET_LOCKED).answer());
    }
    boolean commitsToNothing =
        step == LedgerStep.LEDGER_STEP_LOCK
            || step == LedgerStep.LEDGER_STEP_LOG_INCOMING
            || step == LedgerStep.LEDGER_STEP_RECORD_LOCATION;
    if (first && refuses && commitsToNothing && events.chance(0.01)) {
      return Optional.of(record.refuse(step, ErrorReason.ERROR_REASON_LEDGER_REFUSED).answer());
    }
    FakeLedger.Answered answered = record.perform(step, request, clock());
    records.put(transfer, answered.ledger());
    if (first && answered.ledger().done().containsKey(step)) {
      move(step, answered.ledger().asset());
      changed.accept(transfer);
    }
    return Optional.of(answered.answer());
  }

  private boolean canLock(String transfer, Asset asset) {
    BigInteger locked = BigInteger.ZERO;
    for (Map.Entry<String, FakeLedger> other : records.entrySet()) {
      Asset held = other.getValue().asset();
      boolean inForce =
          !other.getKey().equals(transfer)
              && other.getValue().holdsAsSource(clock()) == Holding.LOCKED;
      if (inForce && isUnique(asset) && held.getAssetId().equals(asset.getAssetId())) {
        return false;
      }
      if (inForce && !isUnique(held)) {
        locked = locked.add(new BigInteger(held.getAmount()));
      }
    }
    return isUnique(asset)
        ? unique.contains(asset.getAssetId())
        : amount.subtract(locked).compareTo(new BigInteger(asset.getAmount())) >= 0;
  }

  private void move(LedgerStep step, Asset asset) {
    if (step == LedgerStep.LEDGER_STEP_FINALIZE_LOCK) {
      if (isUnique(asset)) {
        unique.remove(asset.getAssetId());
      } else {
        amount = amount.subtract(new BigInteger(asset.getAmount()));
      }
    } else if (step == LedgerStep.LEDGER_STEP_CREATE) {
      if (isUnique(asset)) {
        if (!unique.add(asset.getAssetId())) {
          throw new AssertionError(asset.getAssetId() + " is created a second time on " + dlt);
        }
      } else {
        amount = amount.add(new BigInteger(asset.getAmount()));
      }
    }
  }

  private static boolean isUnique(Asset asset) {
    return asset.getKind() == AssetKind.ASSET_KIND_UNIQUE;
  }
}
