package org.odap.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.odap.runtime.encryption.TestKeys;
import org.odap.runtime.identity.DevelopmentPki;

/** What an operator reads when the real service does not start, and that nothing changed then. */
@Timeout(120)
class StartTest {
  @TempDir Path folder;

  @BeforeEach
  void issueCertificates() {
    DevelopmentPki pki = DevelopmentPki.create(folder, "alpha.example");
    pki.issue(LogServiceFixture.LOG, "log", List.of());
  }

  private static String encryption(String id, String file) {
    return """
    encryption:
      active-key: %1$s
      keys:
        - id: %1$s
          file: %2$s
    """
        .formatted(id, file);
  }

  /** Starts a service that is expected to give up, and gives its last line on standard error. */
  private String refusal(List<String> before, String configuration) throws Exception {
    Process process = LogProcess.start(folder, before, configuration);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    return Files.readAllLines(folder.resolve("stderr")).getLast();
  }

  @Test
  @Tag("2PC-9")
  void aWrongOrMissingKeyIsOneClearLine() throws Exception {
    TestKeys.config(folder, "2026-11", "2026-12");
    String configuration = LogProcess.configuration();
    String encrypted = configuration + encryption("2026-11", "2026-11.key");
    try (LogProcess process = LogProcess.started(folder, encrypted)) {
      assertThat(process.port()).isPositive();
    }

    assertThat(refusal(List.of(), configuration))
        .startsWith("log: ")
        .contains("encryption key 2026-11: entries are stored under it, but it is not configured");
    assertThat(refusal(List.of(), configuration + encryption("2026-11", "2026-12.key")))
        .contains("encryption key 2026-11: another key than the one entries are stored under");
    assertThat(refusal(List.of(), configuration + encryption("2026-11", "gone.key")))
        .contains("gone.key: does not exist");
    LogProcess.started(folder, encrypted).close();
  }

  @Test
  void aReadOnlyDirectoryIsOneClearLine() throws Exception {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("r-xr-xr-x"));
    assertThat(refusal(withoutRootsRights(), LogProcess.configuration()))
        .startsWith("log: ")
        .contains("data directory " + data + " takes no writes: permission denied");
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files).isEmpty();
    }
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    LogProcess.started(folder, LogProcess.configuration()).close();
  }

  /** Permissions don't bind the superuser, as whom tests run in containers. */
  private static List<String> withoutRootsRights() {
    return System.getProperty("user.name").equals("root")
        ? List.of("setpriv", "--bounding-set=-dac_override")
        : List.of();
  }

  @Test
  void aDirectoryThatIsAFileIsOneClearLine() throws Exception {
    Files.writeString(folder.resolve("data"), "not a folder");
    assertThat(refusal(List.of(), LogProcess.configuration())).contains("data takes no writes");
    assertThat(folder.resolve("data")).hasContent("not a folder");
  }
}
