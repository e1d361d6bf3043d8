package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;

/**
 * A unique asset.
 *
 * @param owner empty unless it is here
 * @param transferId the transfer that locks, extinguished or announces it; else empty
 * @param lockExpiry UNIX milliseconds while locked, else 0
 * @param approvedMspId the MSP whose gateways may lock it once, by its present owner's leave; else
 *     empty
 */
record UniqueAsset(
    String assetClass,
    BigInteger id,
    AssetState state,
    String owner,
    String transferId,
    long lockExpiry,
    String approvedMspId) {

  static UniqueAsset of(String owner, String assetClass, BigInteger id) {
    return new UniqueAsset(assetClass, id, AssetState.AVAILABLE, owner, "", 0, "");
  }

  static UniqueAsset announced(String assetClass, BigInteger id, String transferId) {
    return new UniqueAsset(assetClass, id, AssetState.ANNOUNCED, "", transferId, 0, "");
  }

  boolean here() {
    return state == AssetState.AVAILABLE || state == AssetState.LOCKED;
  }

  UniqueAsset lockedFor(String newTransferId, long expiry) {
    return new UniqueAsset(assetClass, id, AssetState.LOCKED, owner, newTransferId, expiry, "");
  }

  UniqueAsset extinguished() {
    return new UniqueAsset(assetClass, id, AssetState.EXTINGUISHED, "", transferId, 0, "");
  }

  UniqueAsset approvedFor(String mspId) {
    return new UniqueAsset(assetClass, id, state, owner, transferId, lockExpiry, mspId);
  }
}
