package org.odap.cli.log;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.ArchiveManifest;
import org.odap.cli.CliException;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.log.store.ArchiveFolder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Archives of logs of transfers that ended long ago. */
@Command(
    name = "archive",
    description = "Lists and verifies a folder of archived logs, and takes a log out of it.",
    subcommands = {
      ArchiveCommand.ListArchives.class,
      ArchiveCommand.VerifyArchives.class,
      ArchiveCommand.ExportLog.class
    })
final class ArchiveCommand implements Runnable {
  @Override
  public void run() {
    throw new CliException("say what to do, such as: odap log archive list DIR");
  }

  /** Which archives there are, and what is in them. */
  @Command(name = "list", description = "Lists the archives and their logs.")
  static final class ListArchives implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder of the archives.")
    private Path directory;

    @Mixin private StoreKeys keys;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      for (ArchiveManifest manifest :
          keys.with(entryKeys -> new ArchiveFolder(directory, entryKeys).manifests())) {
        if (output.json()) {
          output.print(manifest);
        } else {
          output
              .terminal()
              .line(
                  "%s of %s: %d logs"
                      .formatted(
                          manifest.getFile(),
                          Instant.ofEpochMilli(manifest.getMadeAt()),
                          manifest.getLogsCount()));
          manifest
              .getLogsList()
              .forEach(log ->
                  output
                      .terminal()
                      .line("  %s, %d entries".formatted(log.getLogId(), log.getLength())));
        }
      }
      return 0;
    }
  }

  /** Whether archives are what was written. */
  @Command(
      name = "verify",
      description = {
        "Verifies all archives of a folder: SHA-256 against the manifests, the chain of every log.",
        "Fails unless all is whole."
      })
  static final class VerifyArchives implements Callable<Integer> {
    @Parameters(paramLabel = "DIR", description = "The folder of the archives.")
    private Path directory;

    @Mixin private StoreKeys keys;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      List<String> lines = new ArrayList<>();
      boolean whole =
          keys.with(entryKeys -> {
            ArchiveFolder folder = new ArchiveFolder(directory, entryKeys);
            List<ArchiveFolder.Verified> all =
                folder.manifests().stream().map(folder::verify).toList();
            for (ArchiveFolder.Verified one : all) {
              lines.add(
                  "%s: %d logs, %s"
                      .formatted(
                          one.manifest().getFile(),
                          one.manifest().getLogsCount(),
                          one.damages().isEmpty() ? "whole" : "damaged"));
              one.damages().forEach(damage -> lines.add("damaged: " + damage));
            }
            List<String> strays = folder.withoutManifest();
            strays.forEach(stray -> lines.add("damaged: " + stray + ": it has no manifest"));
            return strays.isEmpty() && all.stream().allMatch(one -> one.damages().isEmpty());
          });
      lines.forEach(output.terminal()::line);
      return whole ? 0 : OdapMain.EXIT_FAILED;
    }
  }

  /** A log out of its archive, readable without this program. */
  @Command(
      name = "export",
      description = "Writes the entries of an archived log to a file, one JSON object a line.")
  static final class ExportLog implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "DIR", description = "The folder of the archives.")
    private Path directory;

    @Parameters(index = "1", paramLabel = "LOG", description = "The log, such as ID/sender.")
    private String logId;

    @Parameters(index = "2", paramLabel = "FILE", description = "The file to write.")
    private Path file;

    @Mixin private StoreKeys keys;
    @Mixin private OutputOptions output;

    @Override
    public Integer call() {
      LogId log =
          switch (LogId.parse(logId)) {
            case Outcome.Done<LogId>(LogId parsed) -> parsed;
            case Outcome.Refused<LogId> refused -> throw new CliException(refused.description());
          };
      List<ByteString> entries =
          keys.with(entryKeys -> {
            ArchiveFolder folder = new ArchiveFolder(directory, entryKeys);
            return folder.entries(
                folder
                    .find(log)
                    .orElseThrow(() ->
                        new CliException(
                            "log: %s (expected: in an archive of %s)".formatted(log, directory))),
                log);
          });
      try {
        Files.write(
            file,
            entries.stream().map(ExportLog::json).toList(),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      output.step("%d entries of %s written to %s".formatted(entries.size(), log, file));
      return 0;
    }

    private static String json(ByteString entry) {
      try {
        return OutputOptions.json(LogEntry.parseFrom(entry));
      } catch (InvalidProtocolBufferException e) {
        throw new CliException("the archive holds an entry that is none: " + e.getMessage(), e);
      }
    }
  }
}
