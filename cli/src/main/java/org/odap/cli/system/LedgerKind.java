package org.odap.cli.system;

/** Kinds of ledgers a system can be made of. */
public enum LedgerKind {
  /** A local Ethereum node with an escrow contract. */
  ETHEREUM,
  /** An embedded SQL database. */
  SQL
}
