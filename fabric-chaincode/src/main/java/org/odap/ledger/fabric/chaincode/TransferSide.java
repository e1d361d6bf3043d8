package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** What both sides' records of a transfer have. */
sealed interface TransferSide permits Outgoing, Incoming {
  String mspId();

  SideState state();

  long epoch();

  String assetClass();

  String kind();

  String idOrAmount();

  Map<Step, StepDone> steps();

  /** The same, seen in a higher epoch. */
  TransferSide with(long newEpoch);

  /** None where the transfer was given up before it began here. */
  default Optional<Asset> asset() {
    return kind().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Asset(assetClass(), AssetKind.valueOf(kind()), new BigInteger(idOrAmount())));
  }

  default Asset heldAsset() {
    return asset()
        .orElseThrow(() -> new IllegalStateException("A transfer that was given up holds nothing"));
  }

  static Map<Step, StepDone> plus(Map<Step, StepDone> steps, Step step, StepDone done) {
    Map<Step, StepDone> all = new EnumMap<>(Step.class);
    all.putAll(steps);
    all.put(step, done);
    return all;
  }
}
