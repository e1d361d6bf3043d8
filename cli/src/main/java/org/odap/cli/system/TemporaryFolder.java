package org.odap.cli.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.odap.cli.CliException;

/** Where a command's files lie that nobody named a folder for; they stay for who wants to look. */
public final class TemporaryFolder {
  private TemporaryFolder() {}

  /** A new folder among the system's temporary files, {@code odap-<purpose>-...}. */
  public static Path make(String purpose) {
    try {
      return Files.createTempDirectory("odap-" + purpose + "-");
    } catch (IOException e) {
      throw new CliException("no temporary folder: " + e.getMessage(), e);
    }
  }
}
