package org.odap.ledger.fabric.chaincode;

/** The steps of a transfer on a ledger, with the architecture draft's numbers (ARCH 7, 8). */
enum Step {
  /** 2.3: the asset is locked until an expiry. */
  LOCK,
  /** 2.4: the asset is about to arrive. */
  LOG_INCOMING,
  /** 3.3: the locked asset is extinguished: the commit point. */
  FINALIZE_LOCK,
  /** 3.5: the asset is created for the beneficiary. */
  CREATE,
  /** 3.7: where the asset went. */
  RECORD_LOCATION,
  /** Rollback of 2.3. */
  UNLOCK,
  /** Rollback of 2.4. */
  WITHDRAW
}
