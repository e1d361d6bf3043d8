package org.odap.core.transfer;

/**
 * A log that this software did not write, or that was changed since: the transfer stops where it
 * is.
 */
public final class CorruptLogException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CorruptLogException(String logId, int index, String what) {
    super("log " + logId + ", entry " + index + ": " + what);
  }

  CorruptLogException(String logId, int index, String what, Throwable cause) {
    super("log " + logId + ", entry " + index + ": " + what, cause);
  }
}
