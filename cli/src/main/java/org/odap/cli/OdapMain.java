package org.odap.cli;

import io.grpc.StatusRuntimeException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.odap.cli.access.AccessCommand;
import org.odap.cli.bench.BenchCommand;
import org.odap.cli.client.ApproveCommand;
import org.odap.cli.client.CancelCommand;
import org.odap.cli.client.DeclineCommand;
import org.odap.cli.client.ListCommand;
import org.odap.cli.client.ResolveCommand;
import org.odap.cli.client.StatusCommand;
import org.odap.cli.client.TransferCommand;
import org.odap.cli.client.WatchCommand;
import org.odap.cli.crash.CrashTestCommand;
import org.odap.cli.crash.UpgradeTestCommand;
import org.odap.cli.demo.DemoCommand;
import org.odap.cli.evidence.EvidenceCommand;
import org.odap.cli.log.LogCommand;
import org.odap.cli.operations.OperationsCommand;
import org.odap.cli.pki.PkiCommand;
import org.odap.runtime.config.ConfigException;
import org.odap.runtime.identity.IdentityException;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The command line of the suite. Exits with 0 when what was asked for holds, 1 when it does not or
 * can't be found out, 2 when the arguments are wrong.
 */
@Command(
    name = "odap",
    description = "Moves assets between ledgers by the Open Digital Asset Protocol.",
    subcommands = {
      DemoCommand.class,
      PkiCommand.class,
      TransferCommand.class,
      WatchCommand.class,
      StatusCommand.class,
      ListCommand.class,
      ApproveCommand.class,
      DeclineCommand.class,
      CancelCommand.class,
      ResolveCommand.class,
      OperationsCommand.class,
      EvidenceCommand.class,
      AccessCommand.class,
      LogCommand.class,
      BenchCommand.class,
      CrashTestCommand.class,
      UpgradeTestCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Of the script ./odap itself: build, test, images, format, lint, java-home.",
      "Set ODAP_DEBUG=1 to see the whole trace of a failure."
    })
public final class OdapMain implements Runnable {
  /** Something asked for does not hold, or could not be done. */
  public static final int EXIT_FAILED = 1;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** Runs one command. */
  static int run(String... args) {
    return commandLine().execute(args);
  }

  /** The tree of commands with its handling of mistakes. */
  static CommandLine commandLine() {
    return new CommandLine(new OdapMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(OdapMain::mistaken)
        .setExecutionExceptionHandler(OdapMain::failed);
  }

  /** Without a command there is only help to give. */
  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int mistaken(CommandLine.ParameterException mistake, String[] args) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("odap: " + firstLine(mistake.getMessage()));
    String suggestion =
        CommandLine.UnmatchedArgumentException.printSuggestions(mistake, err)
            ? ""
            : "see: odap help " + command.getCommandName();
    if (!suggestion.isEmpty()) {
      err.println(suggestion);
    }
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failed(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    command.getErr().println("odap: " + oneLine(failure));
    if (System.getenv().getOrDefault("ODAP_DEBUG", "").equals("1")) {
      failure.printStackTrace(command.getErr());
    }
    return EXIT_FAILED;
  }

  /** What happened, in one line a person can act on. */
  static String oneLine(Exception failure) {
    return switch (failure) {
      case CliException told -> told.getMessage();
      case ConfigException config ->
          config.getMessage().lines().map(String::strip).reduce((a, b) -> a + " " + b).orElse("");
      case IdentityException identity -> identity.getMessage();
      case OdapException refused -> refusal(refused);
      case StatusRuntimeException status -> refusal(OdapErrors.fromGrpc(status));
      case UncheckedIOException io -> "can't read or write: " + io.getCause();
      default ->
          "unexpected: "
              + failure
              + Arrays.stream(failure.getStackTrace()).findFirst().map(at -> " at " + at).orElse("")
              + " (ODAP_DEBUG=1 shows the whole trace)";
    };
  }

  private static String refusal(OdapException refused) {
    String hint =
        switch (refused.reason()) {
          case ERROR_REASON_UNAVAILABLE ->
              " (is the gateway running, and is the profile's address right?)";
          case ERROR_REASON_CALLER_UNKNOWN, ERROR_REASON_PERMISSION_DENIED ->
              " (the gateway's list of callers, or its access file, must name your identity)";
          default -> "";
        };
    return OdapErrors.name(refused.reason()) + ": " + firstLine(refused.description()) + hint;
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }
}
