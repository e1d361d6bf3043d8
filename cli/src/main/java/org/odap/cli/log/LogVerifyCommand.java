package org.odap.cli.log;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.cli.terminal.Terminal;
import org.odap.log.store.BackupFolder;
import org.odap.log.store.Inspection;
import org.odap.log.store.LogHead.Standing;
import org.odap.log.store.Restoration;
import org.odap.runtime.encryption.EntryKeys;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks through a store or a backup and says what is damaged. */
@Command(
    name = "verify",
    description = {
      "Verifies the data directory of a stopped log service, or a backup: checksums, hash chains,",
      "heads, what the witness saw, keys. Changes nothing there. Fails unless all is whole."
    })
final class LogVerifyCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Data directory, or folder of backups.")
  private Path directory;

  @Option(
      names = "--generation",
      paramLabel = "NUMBER",
      description = "Which backup; the newest when not given.")
  private Optional<Integer> generation = Optional.empty();

  @Option(
      names = "--scratch",
      paramLabel = "DIR",
      description = "Where a backup is unpacked to be verified (${DEFAULT-VALUE}).",
      defaultValue = "${sys:java.io.tmpdir}")
  private Path scratch;

  @Mixin private StoreKeys keys;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    return tell(keys.with(this::inspect));
  }

  private Inspection.Report inspect(EntryKeys entryKeys) {
    if (!BackupFolder.isOne(directory)) {
      output.step("data directory " + directory);
      return Inspection.of(directory, entryKeys);
    }
    Restoration.Verified verified = Restoration.verify(directory, generation, scratch, entryKeys);
    output.step(
        "backup %d, as of %s"
            .formatted(verified.generation().number(), verified.generation().moment()));
    return verified.found();
  }

  private int tell(Inspection.Report report) {
    Terminal terminal = output.terminal();
    terminal.line(
        "%,d logs (%,d open, %,d held, %,d closed, %,d archived), %,d entries, last epoch %s"
            .formatted(
                report.logs().size(),
                report.count(Standing.OPEN),
                report.count(Standing.HELD),
                report.count(Standing.CLOSED),
                report.count(Standing.ARCHIVED),
                report.entries(),
                Long.toUnsignedString(report.lastEpoch())));
    terminal.line(
        "checked: keys; checksum and place of every entry; chain and head of every log; what the"
            + " witness saw of "
            + report.witnessed());
    report.damages().forEach(damage -> terminal.line("damaged: " + damage));
    terminal.line(report.damages().isEmpty() ? "whole" : "damages: " + report.damages().size());
    return report.damages().isEmpty() ? 0 : OdapMain.EXIT_FAILED;
  }
}
