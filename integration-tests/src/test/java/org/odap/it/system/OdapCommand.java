package org.odap.it.system;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command odap as a person runs it: a process, its exit code, what it prints. */
public final class OdapCommand {
  /** Far above what any command takes, so that only one that hangs meets it. */
  private static final Duration LIMIT = Duration.ofMinutes(6);

  private OdapCommand() {}

  /**
   * What came of a command.
   *
   * @param output both its outputs, in the order of their lines
   */
  public record Result(int exitCode, String output) {}

  /** Runs a command to its end; what it prints is kept in a file for who looks into a failure. */
  public static Result run(Path outputFile, String... arguments) {
    String root = System.getProperty("odap.root");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // As the script odap starts it.
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dodap.root=" + root));
    command.addAll(List.of("-jar", Path.of(root, "cli", "target", "cli.jar").toString()));
    command.addAll(List.of(arguments));
    return runProgram(outputFile, Path.of(root), command);
  }

  /** Runs any program in a folder to its end. */
  public static Result runProgram(Path outputFile, Path folder, List<String> command) {
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(outputFile.toFile())
              .start();
      awaitEnd(process, outputFile);
      return new Result(process.exitValue(), Files.readString(outputFile));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitEnd(Process process, Path outputFile) throws IOException {
    try {
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError(
            "not ended after " + LIMIT + "; printed:\n" + Files.readString(outputFile));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      // Told to end, it ends the processes it has started; after its own end this does nothing.
      process.destroy();
    }
  }
}
