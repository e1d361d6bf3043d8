package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.Optional;

/**
 * The steps on the sender's ledger (ARCH 7, 8):
 *
 * <pre>asset: AVAILABLE -> LOCKED -> EXTINGUISHED, or AVAILABLE again</pre>
 */
final class SenderSteps {
  private static final Table RECORDS = Table.OUTGOING;

  private final Invocation call;
  private final TransferSteps steps;

  SenderSteps(Invocation call) {
    this.call = call;
    this.steps = new TransferSteps(call);
  }

  /** 2.3: takes the asset from its owner, who consented to a lock by this MSP's gateways. */
  String lock(
      StepKey key,
      String assetClass,
      BigInteger idOrAmount,
      String owner,
      long lockExpiry,
      String reference) {
    StepParameters parameters = StepParameters.referringTo(reference);
    Optional<Outgoing> known = hold(key);
    if (known.isPresent()) {
      Outgoing record = known.get();
      if (!record.steps().containsKey(Step.LOCK) || record.state() == SideState.RELEASED) {
        throw Refusals.outOfOrder("the transfer was unlocked before");
      }
      if (!record.isOf(assetClass, idOrAmount, owner, lockExpiry)) {
        throw Refusals.conflict(record.steps().get(Step.LOCK));
      }
      return steps.repeated(RECORDS, key, Step.LOCK, record, parameters);
    }
    Asset asset = Asset.of(call.classes().requireTransferable(assetClass), idOrAmount);
    if (call.endorserClock().latest(call.claimedMillis()) >= lockExpiry) {
      throw Refusals.lockExpired(lockExpiry);
    }
    String mspId = call.caller().mspId();
    call.holdings().lock(asset, owner, mspId, key.transferId(), lockExpiry);
    return steps.changed(
        RECORDS,
        key,
        Step.LOCK,
        Outgoing.locked(mspId, key, asset, owner, lockExpiry, steps.done(key, parameters)));
  }

  /**
   * Rollback of 2.3: gives the asset back to its owner. Before the lock has arrived it makes sure
   * that it never will stand.
   */
  String unlock(StepKey key) {
    Optional<Outgoing> known = hold(key);
    StepDone unlock = steps.done(key, StepParameters.NONE);
    if (known.isEmpty()) {
      Outgoing givenUp = Outgoing.givenUp(call.caller().mspId(), key, unlock);
      return steps.changed(RECORDS, key, Step.UNLOCK, givenUp);
    }
    Outgoing record = known.get();
    return switch (record.state()) {
      case RELEASED -> steps.repeated(RECORDS, key, Step.UNLOCK, record);
      case LOCKED -> release(key, record, unlock);
      default -> throw Refusals.outOfOrder("the asset is extinguished");
    };
  }

  /**
   * Gives the asset of an expired lock back to its owner, whoever asks: the owner needs no
   * gateway's good will.
   */
  String unlockExpired(String transferId) {
    Outgoing record =
        call.state()
            .get(Outgoing.class, RECORDS, transferId)
            .orElseThrow(() -> Refusals.outOfOrder("the transfer has no lock here"));
    StepKey key = new StepKey(transferId, record.epoch(), "");
    if (record.state() == SideState.RELEASED) {
      return steps.repeated(RECORDS, key, Step.UNLOCK, record);
    }
    if (record.state() == SideState.EXTINGUISHED) {
      throw Refusals.outOfOrder("the asset is extinguished");
    }
    long now = call.endorserClock().earliest(call.claimedMillis());
    if (now < record.lockExpiry()) {
      throw Refusals.outOfOrder(
          "the lock has not ended: value: " + now + " (expected: " + record.lockExpiry() + ")");
    }
    return release(key, record, steps.done(key, StepParameters.NONE));
  }

  /** 3.3, the commit point: extinguishes the asset on this ledger for good. */
  String finalizeLock(StepKey key, String reference) {
    StepParameters parameters = StepParameters.referringTo(reference);
    Outgoing record =
        hold(key).orElseThrow(() -> Refusals.outOfOrder("the transfer has no lock here"));
    if (record.state() == SideState.RELEASED) {
      throw Refusals.outOfOrder("the transfer was unlocked before");
    }
    if (record.state() == SideState.EXTINGUISHED) {
      return steps.repeated(RECORDS, key, Step.FINALIZE_LOCK, record, parameters);
    }
    if (call.endorserClock().latest(call.claimedMillis()) >= record.lockExpiry()) {
      throw Refusals.lockExpired(record.lockExpiry());
    }
    call.holdings().extinguish(record.heldAsset(), record.owner(), key.transferId());
    return steps.changed(
        RECORDS,
        key,
        Step.FINALIZE_LOCK,
        record.with(
            SideState.EXTINGUISHED, key.epoch(), Step.FINALIZE_LOCK, steps.done(key, parameters)));
  }

  /** 3.7: notes where the asset went. */
  String recordLocation(StepKey key, StepParameters location) {
    Outgoing record =
        hold(key)
            .filter(r -> r.state() == SideState.EXTINGUISHED)
            .orElseThrow(() -> Refusals.outOfOrder("the asset is not extinguished"));
    if (record.steps().containsKey(Step.RECORD_LOCATION)) {
      return steps.repeated(RECORDS, key, Step.RECORD_LOCATION, record, location);
    }
    return steps.changed(
        RECORDS,
        key,
        Step.RECORD_LOCATION,
        record.with(
            SideState.EXTINGUISHED, key.epoch(), Step.RECORD_LOCATION, steps.done(key, location)));
  }

  private Optional<Outgoing> hold(StepKey key) {
    return steps.hold(Outgoing.class, RECORDS, key);
  }

  private String release(StepKey key, Outgoing record, StepDone unlock) {
    call.holdings().unlock(record.heldAsset(), record.owner(), key.transferId());
    return steps.changed(
        RECORDS,
        key,
        Step.UNLOCK,
        record.with(SideState.RELEASED, key.epoch(), Step.UNLOCK, unlock));
  }
}
