package org.odap.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapException;
import picocli.CommandLine;

class OdapMainTest {
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return OdapMain.commandLine()
        .setErr(new PrintWriter(err, true))
        .setOut(new PrintWriter(new StringWriter(), true))
        .execute(args);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "tranfer | Did you mean",
        "watch | Missing required parameter",
        "transfer --id 1 --amount 2 --asset a --from a --to b --to-gateway c --origin d | mutually exclusive",
        "transfer --id 1 --lock-duration P25D | expected: a duration like PT10M, at most P24D",
        "transfer --id 1 --lock-duration PT0S | expected: a duration like PT10M, at most P24D",
        "cancel 1 | '--reason",
        "resolve 1 | '--reason",
        "decline 1 | '--reason",
        "list --limit many | 'many' is not an int",
        "watch 1 --role boss | expected one of [ANY, SENDER, RECIPIENT]",
        "pki folder | '--organization",
        "bench adapters --ledgers oracle | expected one of [ETHEREUM, FABRIC, SQL]",
        "bench adapters --ledgers sql,sql | expected: each once",
        "bench adapters --replicas 1,0 | --replicas: value: [1, 0] (expected: each 1 to 16)",
        "bench adapters --in-flight 0 | --in-flight: value: 0 (expected: 1 or more)",
        "bench adapters --seconds 0 | --seconds: value: 0 (expected: 1 or more)",
        "bench adapters --seconds 1 --transfers 1 | mutually exclusive",
        "bench adapters --warm-up PT-1S | expected: PT0S or more",
      })
  void wrongArgumentsAreToldAndEndWithTwo(String arguments, String told) {
    assertThat(run(arguments.split(" ", -1))).isEqualTo(2);
    assertThat(err.toString()).startsWith("odap: ").contains(told);
  }

  @Test
  void aMissingProfileIsToldInOneLineWithHowToGetOne(@TempDir Path folder) {
    String nowhere = folder.resolve("nowhere.yaml").toString();

    assertThat(run("status", "--profile", nowhere)).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly(
            "odap: there is no profile " + nowhere + " (odap pki and odap demo make one)");
  }

  @Test
  void refusalsAreToldByReasonAndWithWhatHelps() {
    assertThat(
            OdapMain.oneLine(
                new OdapException(ErrorReason.ERROR_REASON_TRANSFER_UNKNOWN, "no transfer 7")))
        .isEqualTo("TRANSFER_UNKNOWN: no transfer 7");
    assertThat(
            OdapMain.oneLine(
                Status.UNAVAILABLE.withDescription("io exception\n at x").asRuntimeException()))
        .isEqualTo(
            "UNAVAILABLE: io exception (is the gateway running, and is the profile's address"
                + " right?)");
    assertThat(OdapMain.oneLine(new IllegalStateException("odd")))
        .startsWith("unexpected: java.lang.IllegalStateException: odd at org.odap.cli")
        .contains("ODAP_DEBUG=1");
  }

  @Test
  void everyCommandHasHelpThatFitsATerminal() {
    for (CommandLine command : OdapMain.commandLine().getSubcommands().values()) {
      String help = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
      assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(101));
      assertThat(help).contains("Usage: odap " + command.getCommandName());
    }
  }
}
