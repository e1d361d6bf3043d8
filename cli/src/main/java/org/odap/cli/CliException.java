package org.odap.cli;

/**
 * A command can't go on. The message is the one line a person gets: what is wrong, how to mend it.
 */
public final class CliException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A mistake or a lack that needs no trace of calls to be understood. */
  public CliException(String message) {
    super(message);
  }

  /** The same with what caused it, for --debug. */
  public CliException(String message, Throwable cause) {
    super(message, cause);
  }
}
