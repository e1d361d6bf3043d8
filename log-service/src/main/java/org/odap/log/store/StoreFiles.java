package org.odap.log.store;

import java.nio.file.Path;

/** What lies where in a store's directory. */
record StoreFiles(Path directory) {
  Path database() {
    return directory.resolve("db");
  }

  /** A database that is to take the place of the one there is. */
  Path incoming() {
    return directory.resolve("db-incoming");
  }

  /** The database whose place another takes. */
  Path outgoing() {
    return directory.resolve("db-outgoing");
  }

  Path keys() {
    return directory.resolve("keys");
  }

  Path witness() {
    return directory.resolve("witness");
  }
}
