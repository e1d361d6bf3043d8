package org.odap.log.store;

import java.util.Optional;

/** The logs that a service keeps, alone or with others. */
@FunctionalInterface
public interface Logs {
  /**
   * The store that reads are answered from, here and now.
   *
   * @throws org.odap.runtime.rpc.OdapException LOG_UNAVAILABLE when another node answers them
   */
  LogStore store();

  /**
   * The store that takes changes: that this node leads is found when they are made durable, refused
   * ones too, and not asked before.
   *
   * @throws org.odap.runtime.rpc.OdapException LOG_UNAVAILABLE when this node knows of another that
   *     leads
   */
  default LogStore writable() {
    return store();
  }

  /** That store, if it is open here: of several nodes it is at the one that leads. */
  default Optional<LogStore> opened() {
    return Optional.of(store());
  }
}
