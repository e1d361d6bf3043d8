package org.odap.runtime.ledger;

import java.time.Instant;
import org.odap.api.common.v1.ErrorReason;

/**
 * Why a ledger refused a step for good: nothing was changed. The description is one line for the
 * client: what stands against the step, and what to do about it. What can stand against a transfer
 * on any ledger is told in the same words by all of them.
 */
public record Refusal(ErrorReason reason, String description) {
  /** The ledger has no class of this name, or one of the other kind. */
  public static Refusal classUnknown(String assetClass) {
    return new Refusal(
        ErrorReason.ERROR_REASON_ASSET_UNKNOWN,
        "no class "
            + assetClass
            + " of this kind on this ledger; correct the class in the asset profile's"
            + " configuration, or have the ledger's operator add it");
  }

  /** The asset does not exist on this ledger. */
  public static Refusal assetUnknown(String assetClass, String assetId) {
    return new Refusal(
        ErrorReason.ERROR_REASON_ASSET_UNKNOWN,
        "no "
            + asset(assetClass, assetId)
            + " on this ledger; check the id and where the asset is, then try again");
  }

  /** The account is not the asset's owner; who is, is not the caller's to know. */
  public static Refusal notOwned(String account, String assetClass, String assetId) {
    return new Refusal(
        ErrorReason.ERROR_REASON_ASSET_NOT_OWNED,
        asset(assetClass, assetId)
            + " does not belong to "
            + account
            + "; name its owner's account instead");
  }

  /** The owner has not consented to locks. */
  public static Refusal notApproved(String account, String assetClass) {
    return new Refusal(
        ErrorReason.ERROR_REASON_ASSET_NOT_APPROVED,
        account
            + " has not approved this lock of class "
            + assetClass
            + "; have the owner approve it on the ledger, then try again");
  }

  /** Another transfer holds the asset. */
  public static Refusal locked(String assetClass, String assetId) {
    return new Refusal(
        ErrorReason.ERROR_REASON_ASSET_LOCKED,
        asset(assetClass, assetId)
            + " is locked by another transfer; wait until that has ended, then try again");
  }

  /** The account has fewer units free than wanted. */
  public static Refusal balanceTooLow(
      String account, String assetClass, String available, String wanted) {
    return new Refusal(
        ErrorReason.ERROR_REASON_BALANCE_TOO_LOW,
        account
            + " has of class "
            + assetClass
            + " value: "
            + available
            + " (expected: at least "
            + wanted
            + "); name a smaller amount, or fill the account first");
  }

  /** The lock's end has passed by the ledger's own clock. */
  public static Refusal lockExpired(long expiryMillis) {
    return new Refusal(
        ErrorReason.ERROR_REASON_LOCK_EXPIRED,
        "the lock's end, "
            + Instant.ofEpochMilli(expiryMillis)
            + ", has passed by the ledger's clock; try again with a longer lock");
  }

  /** The asset is on this ledger already, or about to arrive. */
  public static Refusal assetExists(String assetClass, String assetId) {
    return new Refusal(
        ErrorReason.ERROR_REASON_ASSET_EXISTS,
        asset(assetClass, assetId)
            + " is on this ledger already, or announced by another transfer; check the id, or wait"
            + " until that transfer has ended, then try again");
  }

  private static String asset(String assetClass, String assetId) {
    return "asset " + assetId + " of class " + assetClass;
  }
}
