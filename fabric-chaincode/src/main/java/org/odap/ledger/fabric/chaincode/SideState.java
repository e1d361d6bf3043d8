package org.odap.ledger.fabric.chaincode;

/** How one side of a transfer stands on this ledger (ARCH 7, 8). */
enum SideState {
  /** Sender: the asset is locked. */
  LOCKED,
  /** Sender: the asset is extinguished; the commit point is passed. */
  EXTINGUISHED,
  /** Sender: the lock was released, or forbidden. */
  RELEASED,
  /** Recipient: the asset is about to arrive. */
  ANNOUNCED,
  /** Recipient: the asset was created. */
  CREATED,
  /** Recipient: the announcement was withdrawn, or forbidden. */
  WITHDRAWN
}
