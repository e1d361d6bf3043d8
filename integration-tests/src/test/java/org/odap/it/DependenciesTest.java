package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tools/check-dependencies finds out about libraries, on a service of two small ones. */
@Tag("CARD-3")
class DependenciesTest {
  private static final Path TOOL =
      Path.of(System.getProperty("odap.root"), "tools", "check-dependencies");

  @TempDir Path root;
  private Path lib;

  private record Answer(int exit, String text) {}

  @BeforeEach
  void build() throws IOException, InterruptedException {
    lib = Files.createDirectories(root.resolve("sample-service/target/lib"));
    Files.writeString(root.resolve("sample-service/pom.xml"), "");
    Files.writeString(lib.resolve("h2-2.3.232.jar"), "a database");
    Files.writeString(lib.resolve("proto-0.1.0-SNAPSHOT.jar"), "our own");
    Files.writeString(Files.createDirectories(root.resolve("proto")).resolve("pom.xml"), "");
    Path tools = Files.createDirectories(root.resolve("tools"));
    for (String list : new String[] {"dependencies.denied", "licences.allowed"}) {
      Files.copy(TOOL.resolveSibling(list), tools.resolve(list));
    }
    assertThat(check("--update").exit()).isZero();
  }

  private Answer check(String... options) throws IOException, InterruptedException {
    ProcessBuilder tool = new ProcessBuilder(TOOL.toString(), "--root", root.toString());
    tool.command().addAll(java.util.List.of(options));
    Process process = tool.redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Answer(process.waitFor(), text);
  }

  @Test
  void librariesAsLockedAreTaken() throws Exception {
    assertThat(check()).isEqualTo(new Answer(0, check().text()));
    assertThat(check().text()).contains("1 libraries in 1 programs");
  }

  @Test
  void exchangedLibraryIsFound() throws Exception {
    Files.writeString(lib.resolve("h2-2.3.232.jar"), "another database");

    Answer answer = check();
    assertThat(answer.exit()).isOne();
    assertThat(answer.text()).contains("sample-service: h2-2.3.232.jar: SHA-256");
  }

  @Test
  void newAndMissingLibrariesAreFound() throws Exception {
    Files.move(lib.resolve("h2-2.3.232.jar"), lib.resolve("h2-2.4.240.jar"));

    assertThat(check().text())
        .contains("h2-2.4.240.jar: not in dependencies.lock")
        .contains("h2-2.3.232.jar: no service has it");
  }

  @Test
  void versionWithAKnownHoleAndSnapshotsAreFoundEvenWhenLocked() throws Exception {
    Files.move(lib.resolve("h2-2.3.232.jar"), lib.resolve("h2-1.4.200.jar"));
    Files.writeString(lib.resolve("other-1.0-SNAPSHOT.jar"), "of today");

    Answer answer = check("--update");
    assertThat(answer.exit()).isOne();
    assertThat(answer.text())
        .contains("h2-1.4.200.jar (expected: 2.1.210 or later: CVE-2021-42392")
        .contains("other-1.0-SNAPSHOT.jar: a snapshot");
  }

  @Test
  void licenceNobodyAllowedIsFound() throws Exception {
    Path bills = Files.createDirectories(root.resolve("sample-service/target/sbom"));
    Files.writeString(
        bills.resolve("sample-service.cdx.json"),
        """
        {"components": [
          {"group": "com.h2database", "name": "h2", "version": "2.3.232",
           "licenses": [{"license": {"id": "MPL-2.0"}}]},
          {"group": "x", "name": "viral", "version": "1", "licenses": [{"expression": "AGPL-3.0-only"}]}
        ]}
        """);

    Answer answer = check();
    assertThat(answer.exit()).isOne();
    assertThat(answer.text()).contains("viral 1: licence ['AGPL-3.0-only']").doesNotContain("h2 ");
  }
}
