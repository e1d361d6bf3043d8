package org.odap.runtime.lifecycle;

/** A service could not start; the message names the part and its reason. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
