package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.Map;

/**
 * The sender's side of a transfer.
 *
 * @param mspId the organization whose gateway began it, and alone goes on
 * @param epoch the highest that was seen
 * @param kind empty, as all about the asset, where the transfer was given up before its lock
 *     arrived
 * @param lockExpiry UNIX milliseconds
 */
record Outgoing(
    String mspId,
    SideState state,
    long epoch,
    String assetClass,
    String kind,
    String idOrAmount,
    String owner,
    long lockExpiry,
    Map<Step, StepDone> steps)
    implements TransferSide {

  Outgoing {
    steps = Map.copyOf(steps);
  }

  static Outgoing locked(
      String mspId, StepKey key, Asset asset, String owner, long lockExpiry, StepDone lock) {
    return new Outgoing(
        mspId,
        SideState.LOCKED,
        key.epoch(),
        asset.assetClass(),
        asset.kind().name(),
        asset.idOrAmount().toString(),
        owner,
        lockExpiry,
        Map.of(Step.LOCK, lock));
  }

  static Outgoing givenUp(String mspId, StepKey key, StepDone unlock) {
    return new Outgoing(
        mspId, SideState.RELEASED, key.epoch(), "", "", "", "", 0, Map.of(Step.UNLOCK, unlock));
  }

  @Override
  public Outgoing with(long newEpoch) {
    return new Outgoing(
        mspId, state, newEpoch, assetClass, kind, idOrAmount, owner, lockExpiry, steps);
  }

  Outgoing with(SideState newState, long newEpoch, Step step, StepDone done) {
    return new Outgoing(
        mspId,
        newState,
        newEpoch,
        assetClass,
        kind,
        idOrAmount,
        owner,
        lockExpiry,
        TransferSide.plus(steps, step, done));
  }

  boolean isOf(String otherClass, BigInteger otherIdOrAmount, String otherOwner, long otherExpiry) {
    return assetClass.equals(otherClass)
        && idOrAmount.equals(otherIdOrAmount.toString())
        && owner.equals(otherOwner)
        && lockExpiry == otherExpiry;
  }
}
