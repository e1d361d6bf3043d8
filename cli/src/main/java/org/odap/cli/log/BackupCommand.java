package org.odap.cli.log;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.odap.api.log.v1.BackUpRequest;
import org.odap.api.log.v1.Backup;
import org.odap.api.log.v1.ListBackupsRequest;
import org.odap.cli.OutputOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Has a running log service make a backup. */
@Command(
    name = "backup",
    description = {
      "Has a running log service make a backup into its backup.directory, and waits for it.",
      "Appends go on meanwhile."
    })
final class BackupCommand implements Callable<Integer> {
  @Option(names = "--list", description = "Only list the backups there are.")
  private boolean list;

  @Mixin private RunningLog log;
  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    List<Backup> backups =
        log.call(service ->
            list
                ? service.listBackups(ListBackupsRequest.getDefaultInstance()).getBackupsList()
                : List.of(service.backUp(BackUpRequest.getDefaultInstance()).getBackup()));
    for (Backup backup : backups) {
      if (output.json()) {
        output.print(backup);
      } else {
        output.terminal().line(text(backup));
      }
    }
    return 0;
  }

  private static String text(Backup backup) {
    return "generation %d of %s: %,d bytes"
        .formatted(
            backup.getGeneration(), Instant.ofEpochMilli(backup.getMoment()), backup.getBytes());
  }
}
