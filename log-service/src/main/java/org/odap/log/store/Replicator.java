package org.odap.log.store;

/** Brings the leader's batches to the nodes of a replicated log. */
@FunctionalInterface
public interface Replicator {
  /**
   * Makes a batch durable on a majority of nodes and has it written on this one. What was handed in
   * is written in that order or not at all, also when this throws.
   *
   * @return whether it was written; false when another leader's batch has its number
   * @throws StoreException when it is not known whether it is or will be written
   */
  boolean replicate(byte[] batch);
}
