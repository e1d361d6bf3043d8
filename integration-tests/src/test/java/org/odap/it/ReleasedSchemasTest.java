package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.it.system.OdapCommand;
import org.odap.it.system.OdapCommand.Result;

/** The schemas get on with those of every release (proto/released). */
@Tag("OURS-8")
class ReleasedSchemasTest {
  private static final Path ROOT = Path.of(System.getProperty("odap.root"));

  @TempDir private Path folder;

  private Result check(Path root) {
    return OdapCommand.runProgram(
        folder.resolve("check-schemas.out"),
        root,
        List.of(root.resolve("tools").resolve("check-schemas").toString()));
  }

  @Test
  void nothingOfAReleaseIsBroken() {
    Result result = check(ROOT);

    assertThat(result.exitCode()).as(result.output()).isZero();
    assertThat(result.output()).contains("nothing of 0.1.0 is broken");
  }

  @Test
  void fieldThatIsTakenAwayIsFound() throws IOException {
    Path copy = folder.resolve("copy");
    try (Stream<Path> files = Files.walk(ROOT.resolve("proto"))) {
      for (Path file : files.filter(ReleasedSchemasTest::isOfBuf).toList()) {
        copied(file, copy);
      }
    }
    copied(ROOT.resolve("tools").resolve("check-schemas"), copy);
    Path _ =
        Files.createSymbolicLink(
            copy.resolve("tools").resolve("node_modules"),
            ROOT.resolve("tools").resolve("node_modules"));
    Path schema = copy.resolve("proto").resolve("odap/log/v1/log_storage_service.proto");
    String text = Files.readString(schema);
    Files.writeString(schema, text.replaceFirst("(?m)^  string holder = 1.*;$", ""));
    assertThat(Files.readString(schema)).isNotEqualTo(text);

    Result result = check(copy);

    assertThat(result.exitCode()).as(result.output()).isNotZero();
    assertThat(result.output()).contains("Previously present field \"1\" with name \"holder\"");
  }

  private static boolean isOfBuf(Path file) {
    String name = file.getFileName().toString();
    return !file.startsWith(ROOT.resolve("proto").resolve("target"))
        && (name.endsWith(".proto") || name.endsWith(".binpb.gz") || name.startsWith("buf."));
  }

  private static void copied(Path file, Path copy) throws IOException {
    Path target = copy.resolve(ROOT.relativize(file));
    Files.createDirectories(target.getParent());
    Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
  }
}
