package org.odap.ledger.fabric.chaincode;

/** Whether assets of a class are told apart or counted. */
enum AssetKind {
  UNIQUE,
  FUNGIBLE
}
