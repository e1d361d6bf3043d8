package org.odap.cli.evidence;

import org.odap.cli.CliException;
import picocli.CommandLine.Command;

/** Evidence of transfers. */
@Command(
    name = "evidence",
    description = "Exports the evidence of a transfer, or verifies it offline.",
    subcommands = {ExportCommand.class, VerifyCommand.class})
public final class EvidenceCommand implements Runnable {
  @Override
  public void run() {
    throw new CliException("say what to do: odap evidence export or odap evidence verify");
  }
}
