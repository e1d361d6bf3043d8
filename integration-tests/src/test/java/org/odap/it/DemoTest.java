package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.it.system.OdapCommand;
import org.odap.it.system.OdapCommand.Result;

/** The main job as a newcomer sees it: odap demo as a process, on real ledgers. */
class DemoTest {
  /** Each demo goes there and back, so these are all directions between two kinds of ledgers. */
  @ParameterizedTest
  @CsvSource({"ethereum, fabric", "fabric, sql", "sql, ethereum"})
  @Tag("ARCH-1")
  void assetsGoThereAndBack(String from, String to) throws IOException {
    Path folder = folder();
    Path system = folder.resolve("system");

    Result demo =
        odap(folder, "demo", "demo", "--from", from, "--to", to, "--dir", system.toString());

    assertThat(demo.output()).contains("Everything held.").doesNotContain("NOT ");
    assertThat(demo.exitCode()).isZero();
    assertEvidence(folder, system);
  }

  @Test
  @Tag("IT-3")
  @Tag("IT-6")
  @Tag("IT-8")
  void membersVouchForTheirLedgersAndTheFaultyAreNamed() throws IOException {
    Path folder = folder();
    Path system = folder.resolve("system");

    Result demo =
        odap(
            folder,
            "demo",
            "demo",
            "--mode",
            "intertrust",
            "--from",
            "ethereum",
            "--to",
            "sql",
            "--dir",
            system.toString());

    assertThat(demo.output())
        .contains("Everything held.", "The liar is named", "refused: ATTESTATION_REFUSED")
        .doesNotContain("NOT ");
    assertThat(demo.exitCode()).isZero();
  }

  private static void assertEvidence(Path folder, Path system) throws IOException {
    Path evidence = system.resolve("evidence-2.json");
    Result verdict = verify(folder, system, evidence);
    assertThat(verdict.output()).contains("COMPLETED", "The evidence holds");
    assertThat(verdict.exitCode()).isZero();

    Path touched = folder.resolve("touched.json");
    String text = Files.readString(evidence);
    Files.writeString(touched, text.replaceFirst("\"amount\": \"250\"", "\"amount\": \"251\""));
    Result refused = verify(folder, system, touched);
    assertThat(refused.output()).contains("NOT ", "The evidence does not hold");
    assertThat(refused.exitCode()).isEqualTo(1);
  }

  private static Result verify(Path folder, Path system, Path evidence) throws IOException {
    return odap(
        folder,
        "verify",
        "evidence",
        "verify",
        evidence.toString(),
        "--trust",
        system.resolve("alpha/pki/entity.pem").toString(),
        "--trust",
        system.resolve("beta/pki/entity.pem").toString());
  }

  private static Result odap(Path folder, String name, String... arguments) throws IOException {
    return OdapCommand.run(Files.createTempFile(folder, name + "-", ".out"), arguments);
  }

  /** Files stay there for who wants to know why a demo failed; the next clean removes them. */
  private static Path folder() throws IOException {
    Path demos = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    return Files.createTempDirectory(Files.createDirectories(demos), "demo-");
  }
}
