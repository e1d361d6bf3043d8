package org.odap.cli.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that start services. */
@Tag("OURS-8")
class LaunchTest {
  private static final String SHARES_CLASSES = "odap.shared-classes";

  @TempDir Path folder;

  @AfterEach
  void shareNothing() {
    System.clearProperty(SHARES_CLASSES);
  }

  private Installation installation(String name) throws IOException {
    Files.createFile(Files.createDirectories(target(name)).resolve("log-service.jar"));
    return new Installation(folder.resolve(name));
  }

  private Path target(String name) {
    return folder.resolve(name).resolve("log-service").resolve("target");
  }

  private Launch launch(Installation installation) {
    return Launch.service(
        "log", installation, "log-service", List.of("-Xmx64m"), folder.resolve("log.yaml"));
  }

  @Test
  void aServiceSharesNoClassesUnlessAskedTo() throws IOException {
    assertThat(launch(installation("before")).command())
        .contains(target("before").resolve("log-service.jar").toString(), "-Xmx64m")
        .noneMatch(argument -> argument.contains(".jsa"));
  }

  @Test
  void aServiceIsExchangedForAnotherInstallationsWithAllThatBelongsToItsJar() throws IOException {
    System.setProperty(SHARES_CLASSES, "true");
    Installation before = installation("before");
    Launch launch = launch(before);
    Path archive = target("before").resolve("log-service.jsa");
    assertThat(launch.command()).contains("-XX:SharedArchiveFile=" + archive);

    assertThat(launch.moved(before, installation("after")).command())
        .contains(
            "-XX:SharedArchiveFile=" + target("after").resolve("log-service.jsa"),
            target("after").resolve("log-service.jar").toString(),
            folder.resolve("log.yaml").toString())
        .hasSameSizeAs(launch.command());
  }
}
