package org.odap.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.it.system.OdapCommand;
import org.odap.it.system.OdapCommand.Result;

/**
 * Processes killed with -9 at named log points, and what became of the transfers held there: a part
 * of what {@code odap crash-test} does in full.
 */
class CrashTest {
  private static final String TAKEN_UP =
      "(sender|recipient)\\.(?!(init|exec)-(validate|transfer|commence)).*\\.after";

  private static final String STEPS = "(sender|recipient)\\.exec-.*\\.after";

  @ParameterizedTest
  @CsvSource({
    "sql, sql, 1, gateway-beta, " + TAKEN_UP,
    "sql, sql, 3, log-alpha, " + STEPS,
    "ethereum, fabric, 1, 'ledger-alpha,peer-beta', " + STEPS
  })
  @Tag("OURS-2")
  @Tag("2PC-6")
  @Tag("2PC-8")
  @Tag("OURS-8")
  void transfersEndAsTheyMustWhereverAProcessDies(
      String from, String to, int logNodes, String victims, String points) throws IOException {
    Path crashes = Path.of(System.getProperty("odap.root"), "integration-tests", "target");
    Path folder = Files.createTempDirectory(Files.createDirectories(crashes), "crash-");

    Result crash =
        OdapCommand.run(
            folder.resolve("crash-test.out"),
            "crash-test",
            "--from",
            from,
            "--to",
            to,
            "--log-nodes",
            Integer.toString(logNodes),
            "--victims",
            victims,
            "--points",
            points,
            "--kills",
            "1",
            "--in-flight",
            "10",
            "--dir",
            folder.resolve("system").toString());

    assertThat(crash.output()).contains(" 0 wrong, 0 not reached").doesNotContain("WRONG");
    assertThat(crash.exitCode()).isZero();
  }
}
