package org.odap.cli.operations;

import org.odap.cli.CliException;
import picocli.CommandLine.Command;

/** Operators' orders: halts, limits, and trackers to post to again. */
@Command(
    name = "operations",
    description =
        "Halts a gateway, wholly or in part, lets it go on, sets limits, and has it post to trackers again.",
    subcommands = {
      StatusCommand.class,
      PauseCommand.class,
      DrainCommand.class,
      MaintenanceCommand.class,
      ResumeCommand.class,
      LimitCommand.class,
      UnlimitCommand.class,
      PostAgainCommand.class
    })
public final class OperationsCommand implements Runnable {
  @Override
  public void run() {
    throw new CliException("say what to do, such as: odap operations status");
  }
}
