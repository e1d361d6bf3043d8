package org.odap.log.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

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

  /** Whether another process has the store open; changes nothing on disk. */
  boolean inUse() {
    Path lock = database().resolve("LOCK");
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ);
        FileLock free = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return free == null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
