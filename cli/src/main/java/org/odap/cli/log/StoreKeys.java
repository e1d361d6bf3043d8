package org.odap.cli.log;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.odap.cli.CliException;
import org.odap.log.LogConfig;
import org.odap.log.store.StoreException;
import org.odap.runtime.config.ConfigFile;
import org.odap.runtime.encryption.EntryKeys;
import org.odap.runtime.encryption.KeyException;
import picocli.CommandLine.Option;

/** The keys that a store's entries are encrypted with. */
final class StoreKeys {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The log service's configuration, for the keys entries are encrypted with.")
  private Optional<Path> config = Optional.empty();

  /** Does something with the keys; what is wrong with them or with the store is told in a line. */
  <T> T with(Function<EntryKeys, T> use) {
    try {
      return use.apply(
          config
              .map(file -> ConfigFile.read(file, LogConfig.class))
              .flatMap(LogConfig::encryption)
              .map(EntryKeys::load)
              .orElse(EntryKeys.NONE));
    } catch (KeyException e) {
      throw new CliException(e.getMessage() + " (--config names the configuration)", e);
    } catch (StoreException e) {
      throw new CliException(e.getMessage(), e);
    }
  }
}
