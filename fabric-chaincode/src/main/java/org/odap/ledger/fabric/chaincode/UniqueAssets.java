package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.util.Optional;

/**
 * Assets that are told apart. Invariants: an asset is locked by at most one transfer, and announced
 * by at most one; it has an owner exactly while it is here; consent lasts until a lock or a change
 * of owner.
 */
final class UniqueAssets {
  private final WorldState state;
  private final Consents consents;

  UniqueAssets(WorldState state, Consents consents) {
    this.state = state;
    this.consents = consents;
  }

  Optional<UniqueAsset> find(String assetClass, BigInteger id) {
    return state.get(UniqueAsset.class, Table.ASSET, assetClass, id.toString());
  }

  UniqueAsset require(String assetClass, BigInteger id) {
    return find(assetClass, id)
        .filter(UniqueAsset::here)
        .orElseThrow(() -> Refusals.assetUnknown(assetClass, id));
  }

  void create(String assetClass, BigInteger id, String owner) {
    requireAbsent(assetClass, id);
    give(assetClass, id, owner);
  }

  void announce(String assetClass, BigInteger id, String transferId) {
    requireAbsent(assetClass, id);
    put(UniqueAsset.announced(assetClass, id, transferId));
  }

  void withdraw(String assetClass, BigInteger id, String transferId) {
    requireHeld(assetClass, id, AssetState.ANNOUNCED, transferId);
    state.delete(Table.ASSET, assetClass, id.toString());
  }

  /** 3.5: puts the announced asset into the beneficiary's hands. */
  void arrive(String assetClass, BigInteger id, String beneficiary, String transferId) {
    requireHeld(assetClass, id, AssetState.ANNOUNCED, transferId);
    give(assetClass, id, beneficiary);
  }

  private void give(String assetClass, BigInteger id, String owner) {
    put(UniqueAsset.of(owner, assetClass, id));
    state.put(Owned.MARK, Table.OWNED, owner, assetClass, id.toString());
  }

  void move(String assetClass, BigInteger id, String owner, String to) {
    requireFree(assetClass, id, owner);
    state.delete(Table.OWNED, owner, assetClass, id.toString());
    give(assetClass, id, to);
  }

  void approve(String assetClass, BigInteger id, String owner, String mspId) {
    put(requireFree(assetClass, id, owner).approvedFor(mspId));
  }

  void lock(
      String assetClass,
      BigInteger id,
      String owner,
      String mspId,
      String transferId,
      long expiry) {
    UniqueAsset asset = requireFree(assetClass, id, owner);
    // Consent to this asset first: who gave it needs no second read, which a commit checks again.
    if (!asset.approvedMspId().equals(mspId) && !consents.isStanding(owner, assetClass, mspId)) {
      throw Refusals.notApproved(owner, assetClass);
    }
    put(asset.lockedFor(transferId, expiry));
  }

  void unlock(String assetClass, BigInteger id, String owner, String transferId) {
    requireHeld(assetClass, id, AssetState.LOCKED, transferId);
    put(UniqueAsset.of(owner, assetClass, id));
  }

  void extinguish(String assetClass, BigInteger id, String owner, String transferId) {
    put(requireHeld(assetClass, id, AssetState.LOCKED, transferId).extinguished());
    state.delete(Table.OWNED, owner, assetClass, id.toString());
  }

  void destroy(String assetClass, BigInteger id, String owner, String mspId) {
    if (!requireFree(assetClass, id, owner).approvedMspId().equals(mspId)) {
      throw Refusals.notApproved(owner, assetClass);
    }
    state.delete(Table.ASSET, assetClass, id.toString());
    state.delete(Table.OWNED, owner, assetClass, id.toString());
  }

  private void put(UniqueAsset asset) {
    state.put(asset, Table.ASSET, asset.assetClass(), asset.id().toString());
  }

  private UniqueAsset requireFree(String assetClass, BigInteger id, String owner) {
    UniqueAsset asset = require(assetClass, id);
    if (asset.state() == AssetState.LOCKED) {
      throw Refusals.locked(assetClass, id);
    }
    if (!asset.owner().equals(owner)) {
      throw Refusals.notOwned(owner, assetClass, id);
    }
    return asset;
  }

  /** What a transfer's record says of the asset holds: the records of both change together. */
  private UniqueAsset requireHeld(
      String assetClass, BigInteger id, AssetState expected, String transferId) {
    return find(assetClass, id)
        .filter(a -> a.state() == expected && a.transferId().equals(transferId))
        .orElseThrow(() ->
            new IllegalStateException(
                "Asset "
                    + id
                    + " of class "
                    + assetClass
                    + " is not "
                    + expected
                    + " by transfer "
                    + transferId
                    + ", whose record says so"));
  }

  private void requireAbsent(String assetClass, BigInteger id) {
    if (find(assetClass, id).filter(a -> a.state() != AssetState.EXTINGUISHED).isPresent()) {
      throw Refusals.assetExists(assetClass, id);
    }
  }

  /** An index's entry: everything is in its key. */
  record Owned() {
    static final Owned MARK = new Owned();
  }
}
