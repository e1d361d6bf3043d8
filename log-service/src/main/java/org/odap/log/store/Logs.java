package org.odap.log.store;

import java.util.Optional;

/** The logs that a service keeps, alone or with others. */
@FunctionalInterface
public interface Logs {
  /**
   * The store that calls are answered from, here and now.
   *
   * @throws org.odap.runtime.rpc.OdapException LOG_UNAVAILABLE when another node answers them
   */
  LogStore store();

  /** That store, if it is open here: of several nodes it is at the one that leads. */
  default Optional<LogStore> opened() {
    return Optional.of(store());
  }
}
