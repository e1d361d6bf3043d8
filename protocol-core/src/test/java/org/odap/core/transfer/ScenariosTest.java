package org.odap.core.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The stories in src/test/resources/scenarios, told again: what happens now must be what stands
 * there. After a change that is meant, -Dodap.rewrite=true writes them anew, and the difference is
 * reviewed line by line.
 */
@Tag("2PC-8")
@Tag("ODAP-15")
class ScenariosTest {
  private static final Path FOLDER =
      Golden.root().resolve("protocol-core/src/test/resources/scenarios");

  private static List<Path> scenarios() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void happensAsWritten(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    assertThat(lines.stream().filter(line -> line.startsWith("> ")))
        .as("every story ends with the replay of its logs")
        .last()
        .isEqualTo("> end");
    Golden.check(file, Scenario.tell(lines).text());
  }
}
