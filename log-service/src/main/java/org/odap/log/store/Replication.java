package org.odap.log.store;

/**
 * Durable is what a majority of nodes has. Each batch has the number after the last one's, so that
 * a batch judged before another node led is left out by every node, however late it comes.
 */
final class Replication implements Durability {
  /** Others may have written while this node began to lead, each once at most for a lost lead. */
  private static final int ATTEMPTS_MAX = 16;

  private final Replicator replicator;
  private long lastNumber;

  private Replication(Replicator replicator, long lastNumber) {
    this.replicator = replicator;
    this.lastNumber = lastNumber;
  }

  /**
   * Begins to write, after all that any node wrote before: what is read of the store from now on is
   * changed by nobody else while this node leads.
   *
   * @throws StoreException when this node leads no longer
   */
  static Replication begin(ReplicatedStore store, Replicator replicator) {
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      long number = store.position().number() + 1;
      if (replicator.replicate(NumberedBatch.empty(number))) {
        return new Replication(replicator, number);
      }
    }
    throw new StoreException("other leaders write at the same time", false);
  }

  @Override
  public void write(Batch batch) {
    long number = lastNumber + 1;
    if (!replicator.replicate(NumberedBatch.encode(number, batch.seal()))) {
      throw new StoreException("another node leads and has written", false);
    }
    lastNumber = number;
  }

  @Override
  public void close() {
    // The database is the node's, whoever leads.
  }
}
