package org.odap.log.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Puts a copy of another database in the place of a closed one. A crash leaves the one or the
 * other: while there is an outgoing one, the incoming one is whole.
 */
final class DatabaseExchange {
  private static final String UNCHANGING = ".sst";

  private DatabaseExchange() {}

  /** Copies what is to come; files that never change are shared with the one given. */
  static void prepare(StoreFiles files, Path database) {
    try {
      delete(files.incoming());
      Files.createDirectories(files.incoming());
      try (DirectoryStream<Path> parts = Files.newDirectoryStream(database)) {
        for (Path part : parts) {
          Path copy = files.incoming().resolve(part.getFileName());
          if (part.toString().endsWith(UNCHANGING)) {
            Files.createLink(copy, part);
          } else {
            Files.copy(part, copy);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Exchanges the two. */
  static void carryOut(StoreFiles files) {
    try {
      Files.move(files.database(), files.outgoing());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    finish(files);
  }

  /** Completes an exchange that a crash interrupted, or undoes what only prepared it. */
  static void finish(StoreFiles files) {
    try {
      if (Files.exists(files.outgoing()) && Files.notExists(files.database())) {
        Files.move(files.incoming(), files.database());
      }
      delete(files.outgoing());
      delete(files.incoming());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a database's folder, which has no folders in it. */
  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}
