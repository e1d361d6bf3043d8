package org.odap.cli.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.odap.cli.CliException;
import org.odap.runtime.config.ConfigFile;
import picocli.CommandLine.Option;

/** Which connection profile a command uses. */
public final class ProfileOption {
  @Option(
      names = "--profile",
      paramLabel = "FILE",
      description = "Connection profile; else the environment variable ODAP_PROFILE names it.")
  private Optional<Path> file = Optional.empty();

  /** Opens a connection to the profile's gateway. */
  public GatewayConnection connect() {
    return GatewayConnection.open(read());
  }

  /** The profile. */
  public ClientProfile read() {
    return read(path());
  }

  /** The profile in a file. */
  public static ClientProfile read(Path path) {
    if (!Files.isRegularFile(path)) {
      throw new CliException("there is no profile " + path + " (odap pki and odap demo make one)");
    }
    return ConfigFile.read(path, ClientProfile.class);
  }

  private Path path() {
    return file.or(() -> Optional.ofNullable(System.getenv("ODAP_PROFILE")).map(Path::of))
        .orElseThrow(() ->
            new CliException(
                "no connection profile: give --profile FILE or set ODAP_PROFILE (odap pki and"
                    + " odap demo --keep make one)"));
  }
}
