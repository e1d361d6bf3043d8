package org.odap.cli.access;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.odap.cli.OdapMain;
import org.odap.cli.OutputOptions;
import org.odap.runtime.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says whether a gateway would take an access file. */
@Command(
    name = "validate",
    description = "Reads an access file as a gateway does and lists its mistakes.")
public final class ValidateCommand implements Callable<Integer> {
  @Option(names = "--file", required = true, description = "The access file.")
  private Path file;

  @Mixin private OutputOptions output;

  @Override
  public Integer call() {
    try {
      int rules = AccessCommand.read(file).size();
      output.terminal().line(file + ": no mistakes, " + rules + (rules == 1 ? " rule" : " rules"));
      return 0;
    } catch (ConfigException e) {
      e.getMessage().lines().forEach(output.terminal()::line);
      return OdapMain.EXIT_FAILED;
    }
  }
}
