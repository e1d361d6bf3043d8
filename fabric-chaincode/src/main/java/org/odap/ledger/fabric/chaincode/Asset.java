package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;

/** One asset, or an amount of a class. */
record Asset(String assetClass, AssetKind kind, BigInteger idOrAmount) {

  /** An asset, or more than nothing of a fungible class. */
  static Asset of(AssetClass assetClass, BigInteger idOrAmount) {
    if (assetClass.kind() == AssetKind.FUNGIBLE && idOrAmount.signum() == 0) {
      throw Refusals.refused(
          Reason.FIELD_INVALID, "idOrAmount: value: 0 (expected: an amount above 0)");
    }
    return new Asset(assetClass.assetClass(), assetClass.kind(), idOrAmount);
  }
}
