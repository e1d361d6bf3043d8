package org.odap.log.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Asks a directory whether it takes writes, by writing: before a database is opened in it, which
 * would say it less clearly, and after a write failed.
 */
public final class WriteProbe {
  /** With less room than this the database could open and fail at once. */
  private static final int LENGTH = 1 << 20;

  private WriteProbe() {}

  /** Why the directory takes no writes; nothing when it does. Leaves no file behind. */
  public static Optional<String> refusal(Path directory) {
    Path file = directory.resolve("write-probe");
    try {
      Files.createDirectories(directory);
      write(file);
      return Optional.empty();
    } catch (AccessDeniedException e) {
      return Optional.of(refusal(directory, "permission denied"));
    } catch (IOException e) {
      return Optional.of(refusal(directory, String.valueOf(e.getMessage())));
    }
  }

  private static void write(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
      while (bytes.hasRemaining()) {
        int _ = channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static String refusal(Path directory, String cause) {
    return "data directory %s takes no writes: %s (expected: writable by this user, with free space)"
        .formatted(directory, cause);
  }
}
