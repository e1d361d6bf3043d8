package org.odap.cli.system;

import java.nio.file.Path;
import java.util.List;

/**
 * A ledger to be, with its adapters.
 *
 * @param folder where its files go, in a folder named after its side
 * @param sql where a SQL ledger is kept
 * @param jvmOptions options of each JVM
 * @param adapters how many replicas of the adapter there may be at most
 * @param isCompared whether a plain client is to do the same steps as well
 */
public record LedgerPlan(
    Path folder, SqlStorage sql, List<String> jvmOptions, int adapters, boolean isCompared) {
  /** Copies the options. */
  public LedgerPlan {
    jvmOptions = List.copyOf(jvmOptions);
  }

  /**
   * Accounts that act for the gateway, where each adapter needs its own: the last is a client's.
   */
  int accounts() {
    return isCompared ? adapters + 1 : adapters;
  }
}
