package org.odap.cli.bench;

import org.odap.cli.CliException;
import org.odap.cli.crash.RecoveryCommand;
import picocli.CommandLine.Command;

/** Measurements. */
@Command(
    name = "bench",
    description = "Measures the suite on this machine.",
    subcommands = {
      TransfersCommand.class,
      AdaptersCommand.class,
      EdgeCommand.class,
      ThresholdCommand.class,
      RecoveryCommand.class,
      ScaleCommand.class
    })
public final class BenchCommand implements Runnable {
  @Override
  public void run() {
    throw new CliException(
        "say what to measure: odap bench transfers, odap bench adapters, odap bench edge, odap bench"
            + " threshold, odap bench recovery, or odap bench scale");
  }
}
