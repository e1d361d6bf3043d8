package org.odap.log.store;

/** How a store's changes become durable. */
interface Durability extends AutoCloseable {
  /**
   * Makes a batch durable, all or nothing; it is when this returns.
   *
   * @throws StoreException when it may not be
   */
  void write(Batch batch);

  /** Ends what the store used alone; nothing is written any more. */
  @Override
  void close();
}
