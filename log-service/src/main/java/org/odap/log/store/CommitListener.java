package org.odap.log.store;

/** Is told what the store's writer does, on the writer's thread: it must be quick. */
public interface CommitListener {
  /** A listener for those who don't want to know. */
  CommitListener NONE = (changes, entries, nanos) -> {};

  /**
   * A group of changes became durable and is about to be answered.
   *
   * @param changes requests in the group
   * @param entries log entries in the group
   * @param nanos time from the first look at the group until it was durable
   */
  void committed(int changes, int entries, long nanos);

  /** A write failed: nothing will be written until a restart. */
  default void unwritable(String why) {}
}
