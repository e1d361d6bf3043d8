package org.odap.threshold;

/** Bytes that are no point a key or a signature may be. */
public final class MalformedPointException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong with it, in a line. */
  public MalformedPointException(String message) {
    super(message);
  }
}
