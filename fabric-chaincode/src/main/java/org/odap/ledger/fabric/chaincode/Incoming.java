package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.Map;

/**
 * The recipient's side of a transfer.
 *
 * @param mspId the organization whose gateway began it, and alone goes on
 * @param epoch the highest that was seen
 * @param kind empty, as all about the asset, where the transfer was given up before its
 *     announcement arrived
 */
record Incoming(
    String mspId,
    SideState state,
    long epoch,
    String assetClass,
    String kind,
    String idOrAmount,
    String beneficiary,
    Map<Step, StepDone> steps)
    implements TransferSide {

  Incoming {
    steps = Map.copyOf(steps);
  }

  static Incoming announced(
      String mspId, StepKey key, Asset asset, String beneficiary, StepDone announcement) {
    return new Incoming(
        mspId,
        SideState.ANNOUNCED,
        key.epoch(),
        asset.assetClass(),
        asset.kind().name(),
        asset.idOrAmount().toString(),
        beneficiary,
        Map.of(Step.LOG_INCOMING, announcement));
  }

  static Incoming givenUp(String mspId, StepKey key, StepDone withdrawal) {
    return new Incoming(
        mspId, SideState.WITHDRAWN, key.epoch(), "", "", "", "", Map.of(Step.WITHDRAW, withdrawal));
  }

  @Override
  public Incoming with(long newEpoch) {
    return new Incoming(mspId, state, newEpoch, assetClass, kind, idOrAmount, beneficiary, steps);
  }

  Incoming with(SideState newState, long newEpoch, Step step, StepDone done) {
    return new Incoming(
        mspId,
        newState,
        newEpoch,
        assetClass,
        kind,
        idOrAmount,
        beneficiary,
        TransferSide.plus(steps, step, done));
  }

  boolean isOf(String otherClass, BigInteger otherIdOrAmount, String otherBeneficiary) {
    return assetClass.equals(otherClass)
        && idOrAmount.equals(otherIdOrAmount.toString())
        && beneficiary.equals(otherBeneficiary);
  }
}
