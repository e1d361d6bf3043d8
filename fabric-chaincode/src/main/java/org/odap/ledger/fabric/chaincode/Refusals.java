package org.odap.ledger.fabric.chaincode;

import java.math.BigInteger;
import java.time.Instant;
import org.hyperledger.fabric.shim.ChaincodeException;

/**
 * What a client is told when the chaincode refuses: a reason's name, and one line for a person.
 * What can stand against a transfer on any ledger is told in the same words by all of them.
 */
final class Refusals {
  private Refusals() {}

  static ChaincodeException refused(Reason reason, String description) {
    return new ChaincodeException(reason + ": " + description);
  }

  static ChaincodeException denied(String description) {
    return refused(Reason.PERMISSION_DENIED, description);
  }

  static ChaincodeException classUnknown(String assetClass) {
    return refused(
        Reason.ASSET_UNKNOWN,
        "no class "
            + assetClass
            + " of this kind on this ledger; correct the class in the asset profile's"
            + " configuration, or have the ledger's operator add it");
  }

  static ChaincodeException assetUnknown(String assetClass, BigInteger id) {
    return refused(
        Reason.ASSET_UNKNOWN,
        asset(assetClass, id)
            .insert(0, "no ")
            .append(" on this ledger; check the id and where the asset is, then try again")
            .toString());
  }

  /** Who the owner is, is not the caller's to know. */
  static ChaincodeException notOwned(String account, String assetClass, BigInteger id) {
    return refused(
        Reason.ASSET_NOT_OWNED,
        asset(assetClass, id)
            .append(" does not belong to ")
            .append(account)
            .append("; name its owner's account instead")
            .toString());
  }

  static ChaincodeException notApproved(String account, String assetClass) {
    return refused(
        Reason.ASSET_NOT_APPROVED,
        account
            + " has not approved this lock of class "
            + assetClass
            + "; have the owner approve it on the ledger, then try again");
  }

  static ChaincodeException locked(String assetClass, BigInteger id) {
    return refused(
        Reason.ASSET_LOCKED,
        asset(assetClass, id)
            .append(" is locked by another transfer; wait until that has ended, then try again")
            .toString());
  }

  static ChaincodeException balanceTooLow(
      String account, String assetClass, BigInteger available, BigInteger wanted) {
    return refused(
        Reason.BALANCE_TOO_LOW,
        account
            + " has of class "
            + assetClass
            + " value: "
            + available
            + " (expected: at least "
            + wanted
            + "); name a smaller amount, or fill the account first");
  }

  static ChaincodeException lockExpired(long expiryMillis) {
    return refused(
        Reason.LOCK_EXPIRED,
        "the lock's end, "
            + Instant.ofEpochMilli(expiryMillis)
            + ", has passed by the ledger's clock; try again with a longer lock");
  }

  static ChaincodeException assetExists(String assetClass, BigInteger id) {
    return refused(
        Reason.ASSET_EXISTS,
        asset(assetClass, id)
            .append(
                " is on this ledger already, or announced by another transfer; check the id, or"
                    + " wait until that transfer has ended, then try again")
            .toString());
  }

  static ChaincodeException outOfOrder(String description) {
    return refused(Reason.STEP_OUT_OF_ORDER, description);
  }

  static ChaincodeException conflict(StepDone first) {
    return refused(
        Reason.STEP_CONFLICT,
        "the step was done before with other parameters, in transaction " + first.transactionId());
  }

  private static StringBuilder asset(String assetClass, BigInteger id) {
    return new StringBuilder("asset ").append(id).append(" of class ").append(assetClass);
  }
}
