package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What SECURITY.md says is shown by tests is shown by tests that exist. */
@Tag("CARD-3")
class SecurityPageTest {
  private static final Path ROOT = Path.of(System.getProperty("odap.root"));
  private static final Pattern NAME = Pattern.compile("\\b[A-Z][A-Za-z0-9]*Test\\b");

  @Test
  void everyTestNamedExistsAndEveryDangerNamesOne() throws IOException {
    String page = Files.readString(ROOT.resolve("SECURITY.md"));
    Set<String> named =
        NAME.matcher(page).results().map(MatchResult::group).collect(Collectors.toSet());

    assertThat(named).hasSizeGreaterThan(30);
    assertThat(tests()).containsAll(named);
    List<String> rows =
        page.substring(page.indexOf("## Who could do what"), page.indexOf("## Ports"))
            .lines()
            .filter(line -> line.startsWith("| ") && !line.matches("\\|.*\\| shown by \\|"))
            .toList();
    assertThat(rows).hasSizeGreaterThan(25).allMatch(row -> NAME.matcher(row).find());
  }

  /** Of every module's sources: classes of other modules' tests are not on this one's path. */
  private static Set<String> tests() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules
          .map(module -> module.resolve("src/test/java"))
          .filter(Files::isDirectory)
          .flatMap(SecurityPageTest::files)
          .map(file -> file.getFileName().toString().replaceFirst("\\.java$", ""))
          .collect(Collectors.toSet());
    }
  }

  private static Stream<Path> files(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
