package org.odap.cli.system;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.odap.cli.CliException;
import org.odap.runtime.tpm.DevelopmentTpm;

/**
 * Where the parts of the suite lie on this machine: the services' jars, Java, the tools from npm.
 * What is missing is told with how to get it.
 */
public final class Installation {
  private final Path root;

  /** An installation under the repository's root. */
  public Installation(Path root) {
    this.root = root;
  }

  /** The installation this command line was started from. */
  public static Installation here() {
    return new Installation(
        Optional.ofNullable(System.getProperty("odap.root"))
            .map(Path::of)
            .orElseThrow(() ->
                new CliException(
                    "the folder of the suite is not known: start this with ./odap (or give"
                        + " -Dodap.root=<folder>)")));
  }

  /** The jar of a service, its libraries beside it. */
  public Path jar(String module) {
    Path jar = root.resolve(module).resolve("target").resolve(module + ".jar");
    if (!Files.isRegularFile(jar)) {
      throw new CliException(jar + " is missing: build it with mvn package, or start with ./odap");
    }
    return jar;
  }

  /** A jar of this installation in another one; anything else as it is. */
  String moved(String argument, Installation to) {
    Path path = Path.of(argument);
    return argument.endsWith(".jar") && path.startsWith(root)
        ? to.root.resolve(root.relativize(path)).toString()
        : argument;
  }

  /** A TPM in software must be there. */
  static void checkSoftwareTpm() {
    if (!DevelopmentTpm.isInstalled()) {
      throw new CliException(
          "a TPM in software is missing: apt-get install swtpm swtpm-tools (Debian, Ubuntu)");
    }
  }

  /** The Java that runs this, which can run the services too. */
  public Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** The local Ethereum node. */
  public Path anvil() {
    Path anvil = root.resolve("tools").resolve("node_modules").resolve(".bin").resolve("anvil");
    if (!Files.isExecutable(anvil)) {
      throw new CliException(
          "the Ethereum node is missing: run npm ci in "
              + root.resolve("tools")
              + ", or demo between two SQL ledgers (--from sql --to sql)");
    }
    return anvil;
  }
}
