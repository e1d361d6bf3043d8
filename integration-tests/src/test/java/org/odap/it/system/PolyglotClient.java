package org.odap.it.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.odap.it.system.OdapCommand.Result;

/** The clients in other languages, as a person starts them. */
public enum PolyglotClient {
  /** Node, with libraries that npm has installed. */
  NODE("node", "node", ".mjs", "--test"),
  /** The system's Python, with Debian's packages. */
  PYTHON("python", "/usr/bin/python3", ".py", "-m unittest -v");

  private static final String PYTHON_PACKAGES = "import grpc, google.protobuf, cryptography";

  private final String folder;
  private final String interpreter;
  private final String ending;
  private final String ownTests;

  PolyglotClient(String folder, String interpreter, String ending, String ownTests) {
    this.folder = folder;
    this.interpreter = interpreter;
    this.ending = ending;
    this.ownTests = ownTests;
  }

  /** Runs one of its programs, e.g. "transfer". */
  public Result run(Path outputFile, String program, List<String> arguments) {
    List<String> command = new ArrayList<>(List.of(program + ending));
    command.addAll(arguments);
    return run(outputFile, command);
  }

  /** Runs the client's own tests, which hold it against the published test vectors. */
  public Result runOwnTests(Path outputFile) {
    return run(outputFile, List.of(ownTests.split(" ", -1)));
  }

  private Result run(Path outputFile, List<String> arguments) {
    requireInstalled();
    List<String> command = new ArrayList<>(List.of(interpreter));
    command.addAll(arguments);
    return OdapCommand.runProgram(outputFile, folder(), command);
  }

  private Path folder() {
    return Path.of(System.getProperty("odap.root"), "clients", folder);
  }

  /** Says what to install: a client that can't start is no reason to skip what it proves. */
  private void requireInstalled() {
    switch (this) {
      case NODE -> {
        if (!Files.exists(folder().resolve("node_modules/@grpc/grpc-js"))) {
          throw new AssertionError(
              folder() + " has no libraries (expected: ./odap test installs them with npm)");
        }
      }
      case PYTHON -> {
        try {
          Path said = Files.createTempFile("odap-python-", ".out");
          List<String> look = List.of(interpreter, "-c", PYTHON_PACKAGES);
          boolean there =
              Files.exists(Path.of(interpreter))
                  && OdapCommand.runProgram(said, folder(), look).exitCode() == 0;
          Files.delete(said);
          if (!there) {
            throw new AssertionError(
                interpreter
                    + " lacks packages (expected: apt-get install python3-grpcio python3-protobuf"
                    + " python3-cryptography)");
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
