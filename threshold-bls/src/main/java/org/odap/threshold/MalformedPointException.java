package org.odap.threshold;

/** Bytes that are no point a key or a signature may be. */
public final class MalformedPointException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedPointException(String message) {
    super(message);
  }
}
