package org.odap.cli.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A process to be.
 *
 * @param name what people call it
 * @param command program and arguments
 * @param output file that takes both its outputs
 * @param ready the line of its output that says it serves
 */
public record Launch(String name, List<String> command, Path output, Pattern ready) {
  /** What every service of the suite prints once it serves. */
  static final Pattern SERVICE_READY = Pattern.compile("^ready \\S+ port=(\\d+)");

  private static final Pattern NEVER_READY = Pattern.compile("(?!)");

  /** Copies the command. */
  public Launch {
    command = List.copyOf(command);
  }

  /** A program in a module's jar, which ends by itself: nothing it prints says that it serves. */
  static Launch program(
      String name,
      Installation installation,
      String module,
      List<String> jvmOptions,
      String mainClass,
      List<String> arguments,
      Path output) {
    List<String> command = new ArrayList<>();
    command.add(installation.java().toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", installation.jar(module).toString(), mainClass));
    command.addAll(arguments);
    return new Launch(name, command, output, NEVER_READY);
  }

  /** The same, ready when it prints such a line. */
  Launch readyAt(Pattern line) {
    return new Launch(name, command, output, line);
  }

  /** The same by the program of another installation. */
  public Launch moved(Installation from, Installation to) {
    return new Launch(
        name, command.stream().map(part -> from.moved(part, to)).toList(), output, ready);
  }

  /** A service of the suite with its configuration file. */
  public static Launch service(
      String name, Installation installation, String module, List<String> jvmOptions, Path config) {
    List<String> command = new ArrayList<>();
    command.add(installation.java().toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", installation.jar(module).toString()));
    command.addAll(List.of("--config", config.toString()));
    return new Launch(name, command, config.resolveSibling(name + ".log"), SERVICE_READY);
  }
}
