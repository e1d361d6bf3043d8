package org.odap.cli.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.odap.cli.CliException;

/** Where a benchmark's files lie; they stay there for who wants to know more. */
final class BenchFolder {
  private BenchFolder() {}

  /** A new folder among the system's temporary files. */
  static Path make() {
    try {
      return Files.createTempDirectory("odap-bench-");
    } catch (IOException e) {
      throw new CliException("no temporary folder: " + e.getMessage(), e);
    }
  }
}
