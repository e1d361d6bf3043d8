package org.odap.log.lease;

/** Is told what becomes of leases, on the writer's thread: it must be quick. */
@FunctionalInterface
public interface LeaseWatcher {
  /** A lease was given or ended. */
  void accept(LeaseEvent event);

  /** Nothing more will be told here: another node may lead the log. */
  default void closed() {}
}
