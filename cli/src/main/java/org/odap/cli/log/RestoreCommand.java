package org.odap.cli.log;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.odap.cli.CliException;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.Terminal;
import org.odap.log.entry.LogId;
import org.odap.log.store.DamagedStoreException;
import org.odap.log.store.Restoration;
import org.odap.runtime.encryption.EntryKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Makes a data directory of a backup. */
@Command(
    name = "restore",
    description = {
      "Makes a data directory of a backup, for a log service that lost its own. All of it is",
      "verified first. Transfers that were open then are held: see odap log held."
    })
final class RestoreCommand implements Callable<Integer> {
  @Option(
      names = "--from",
      required = true,
      paramLabel = "DIR",
      description = "Folder of the backups.")
  private Path from;

  @Option(
      names = "--generation",
      paramLabel = "NUMBER",
      description = "Which backup; the newest when not given.")
  private Optional<Integer> generation = Optional.empty();

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description = "Data directory to make; empty, or not there yet.")
  private Path to;

  @Mixin private StoreKeys keys;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    Restoration.Report restored = keys.with(this::restore);
    Terminal terminal = output.terminal();
    terminal.line(
        "restored generation %d, as of %s, to %s"
            .formatted(restored.generation().number(), restored.generation().moment(), to));
    terminal.line("what was acknowledged after that moment is not in it");
    terminal.line("transfers open then, held until they are released: " + restored.held().size());
    for (LogId log : restored.held()) {
      terminal.line("  " + log);
    }
    return 0;
  }

  private Restoration.Report restore(EntryKeys entryKeys) {
    try {
      return Restoration.run(from, generation, to, entryKeys);
    } catch (DamagedStoreException e) {
      throw new CliException(
          "the backup is damaged, nothing was restored (another --generation may be whole): "
              + e.damages(),
          e);
    }
  }
}
