package org.odap.cli.log;

import org.odap.cli.CliException;
import picocli.CommandLine.Command;

/** The care of a log service's store. */
@Command(
    name = "log",
    description = {
      "Backs up a log service, restores and verifies its store, reads archives, changes the nodes of a",
      "replicated log."
    },
    subcommands = {
      BackupCommand.class,
      RestoreCommand.class,
      LogVerifyCommand.class,
      HeldCommand.class,
      ReleaseCommand.class,
      ArchiveCommand.class,
      NodesCommand.class,
      AddNodeCommand.class,
      RemoveNodeCommand.class
    })
public final class LogCommand implements Runnable {
  @Override
  public void run() {
    throw new CliException("say what to do, such as: odap log verify DIR");
  }
}
