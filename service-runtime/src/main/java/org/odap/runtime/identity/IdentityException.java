package org.odap.runtime.identity;

/** A key or certificate that can't be used; the message names the file. */
public final class IdentityException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public IdentityException(String message) {
    super(message);
  }

  public IdentityException(String message, Throwable cause) {
    super(message, cause);
  }
}
