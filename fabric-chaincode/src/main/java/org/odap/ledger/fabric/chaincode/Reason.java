package org.odap.ledger.fabric.chaincode;

/**
 * Why the chaincode refuses: names of the suite's error reasons. A client sees only the message of
 * a refusal, so the name stands in front of it.
 */
enum Reason {
  PERMISSION_DENIED,
  REQUEST_ID_REUSED,
  FIELD_MISSING,
  FIELD_INVALID,
  /**
   * The transaction can't be judged as it is; a new proposal may pass. Not a refusal of the step.
   */
  LEDGER_UNAVAILABLE,
  LEDGER_REFUSED,
  ASSET_UNKNOWN,
  ASSET_NOT_OWNED,
  ASSET_NOT_APPROVED,
  ASSET_LOCKED,
  BALANCE_TOO_LOW,
  ASSET_EXISTS,
  STEP_CONFLICT,
  STEP_OUT_OF_ORDER,
  LOCK_EXPIRED,
  ACCOUNT_INVALID,
  STEP_UNKNOWN,
  EPOCH_STALE
}
