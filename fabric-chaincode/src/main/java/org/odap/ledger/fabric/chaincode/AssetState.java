package org.odap.ledger.fabric.chaincode;

/** How a unique asset stands on this ledger. */
enum AssetState {
  /** Its owner's to use. */
  AVAILABLE,
  /** Locked for a transfer. */
  LOCKED,
  /** Gone to another ledger, or about to come from one: not here. */
  EXTINGUISHED,
  /** About to arrive. */
  ANNOUNCED
}
