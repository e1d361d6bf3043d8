package org.odap.cli.system;

/** Where a SQL ledger is kept. */
public enum SqlStorage {
  /** In its adapter's memory: gone when the adapter ends. */
  MEMORY,
  /** In a file that one adapter has open. */
  FILE,
  /** In a file of a database server, which any number of adapters can use. */
  SERVER
}
