package org.odap.cli.crash;

import java.util.Optional;

/**
 * A transfer of one land title.
 *
 * <p>Mutable: its id, once the order has been taken. Written by the thread that orders, read by
 * whoever waits for it.
 */
final class TestedTransfer {
  private final String title;
  private final boolean doomed;
  private volatile Optional<String> id = Optional.empty();

  /**
   * A transfer to be ordered.
   *
   * @param doomed whether the source ledger will refuse the lock, so that it is rolled back
   */
  TestedTransfer(String title, boolean doomed) {
    this.title = title;
    this.doomed = doomed;
  }

  String title() {
    return title;
  }

  boolean doomed() {
    return doomed;
  }

  void ordered(String transferId) {
    id = Optional.of(transferId);
  }

  Optional<String> id() {
    return id;
  }
}
