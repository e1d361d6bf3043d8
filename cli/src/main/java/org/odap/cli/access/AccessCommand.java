package org.odap.cli.access;

import java.nio.file.Path;
import org.odap.cli.CliException;
import org.odap.core.access.AccessFile;
import org.odap.core.access.AccessRules;
import org.odap.runtime.config.ConfigFile;
import picocli.CommandLine.Command;

/** Access files of gateways. */
@Command(
    name = "access",
    description = "Explains what an access file allows, or says what is wrong with it.",
    subcommands = {CheckCommand.class, ValidateCommand.class})
public final class AccessCommand implements Runnable {
  @Override
  public void run() {
    throw new CliException("say what to do: odap access check or odap access validate");
  }

  static AccessRules read(Path file) {
    ConfigFile.Located<AccessFile> read =
        ConfigFile.locate(file, AccessFile.class, AccessRules::mistakes);
    return AccessRules.of(read.value(), read::line);
  }
}
