package org.odap.log.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.stream.Stream;

/** What is done with files and folders that are no database. */
final class FileTrees {
  private FileTrees() {}

  /** Has a file's content, or a folder's names, on disk when it returns. */
  static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes a folder with all that is in it. */
  static void remove(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path one : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
