package org.odap.cli.system;

import java.util.Locale;

/** Kinds of ledgers a system can be made of. */
public enum LedgerKind {
  /** A local Ethereum node with an escrow contract. */
  ETHEREUM,
  /** A development peer of Hyperledger Fabric. */
  FABRIC,
  /** An embedded SQL database. */
  SQL;

  /** What people call it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The module with the adapter of such ledgers. */
  String adapter() {
    return "ledger-adapter-" + label();
  }
}
