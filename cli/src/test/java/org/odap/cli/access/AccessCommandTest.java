package org.odap.cli.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Decisions explained to whoever writes an access file (ODAP 5.5). */
@Tag("ODAP-4")
class AccessCommandTest {
  private static final String CLERK = "odapclient:alpha.example/g.alpha.example/office/clerk";
  private static final String FILE =
      """
      rules:
        - clients: ["odapclient:alpha.example/*/office"]
          may: [view]
          on: ["odapres://alpha.example/g.alpha.example"]

        - clients: ["odapclient:alpha.example/*/desk"]
          may: [cancel]
          on: ["odapres://alpha.example/g.alpha.example/sql"]
      access-requests:
        - {on: "odapres://alpha.example/g.alpha.example", how: ask the office}
      """;

  private record Said(int exitCode, String text) {}

  @TempDir private Path folder;

  private Said run(String yaml, String... arguments) throws IOException {
    Path file = Files.writeString(folder.resolve("access.yaml"), yaml);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(text, true, StandardCharsets.UTF_8));
    try {
      String[] all = new String[arguments.length + 2];
      System.arraycopy(arguments, 0, all, 0, arguments.length);
      all[arguments.length] = "--file";
      all[arguments.length + 1] = file.toString();
      int exitCode =
          new CommandLine(new AccessCommand())
              .setCaseInsensitiveEnumValuesAllowed(true)
              .execute(all);
      return new Said(exitCode, text.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(before);
    }
  }

  private Said check(String action) throws IOException {
    return run(
        FILE,
        "check",
        "--client",
        CLERK,
        "--action",
        action,
        "--resource",
        "odapres://alpha.example/g.alpha.example/sql/cash");
  }

  @Test
  void whatIsAllowedIsAllowedByARule() throws IOException {
    assertThat(check("view")).isEqualTo(new Said(0, "allowed by rule 1 (line 2)\n"));
  }

  @Test
  void whatIsDeniedSaysWhichRulesCameNearest() throws IOException {
    Said said = check("CANCEL");

    assertThat(said.exitCode()).isEqualTo(1);
    assertThat(said.text().lines())
        .containsExactly(
            "denied: no rule allows it; the nearest:",
            "  rule 1 (line 2): it allows only [VIEW]",
            "  rule 2 (line 6): the client is none of [odapclient:alpha.example/*/desk]",
            "to ask for access: ask the office");
  }

  @Test
  void aFileIsValidatedAsAGatewayReadsIt() throws IOException {
    assertThat(run(FILE, "validate").exitCode()).isZero();

    Said wrong =
        run(FILE.replace("[cancel]", "[]").replace("odapclient:alpha", "alpha"), "validate");
    assertThat(wrong.exitCode()).isEqualTo(1);
    assertThat(wrong.text()).contains("line 2: rules[0].clients[0]:", "line 7: rules[1].may:");
  }
}
