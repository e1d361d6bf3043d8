package org.odap.log.store;

import java.nio.file.Path;

/** What lies where in a store's directory. */
record StoreFiles(Path directory) {
  Path database() {
    return directory.resolve("db");
  }

  Path keys() {
    return directory.resolve("keys");
  }

  Path witness() {
    return directory.resolve("witness");
  }
}
