package org.odap.runtime.config;

import java.nio.file.Path;
import java.util.List;

/** A configuration that can't be used: all its mistakes, one line each. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> mistakes;

  public ConfigException(Path file, List<String> mistakes) {
    super(file + ":\n  " + String.join("\n  ", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  /** The mistakes in the order of the file's keys. */
  public List<String> mistakes() {
    return mistakes;
  }
}
