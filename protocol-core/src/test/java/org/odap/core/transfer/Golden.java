package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold what the code makes: compared, or with -Dodap.rewrite=true written anew. */
final class Golden {
  private Golden() {}

  /** The project's root folder. */
  static Path root() {
    return Path.of(System.getProperty("odap.root", ".."));
  }

  static void check(Path file, String text) throws IOException {
    if (Boolean.getBoolean("odap.rewrite")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    assertThat(text).isEqualTo(Files.exists(file) ? Files.readString(file) : "");
  }
}
