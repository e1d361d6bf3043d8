package org.odap.runtime.encryption;

/** A key for the encryption at rest is missing, unreadable or not the one that was used. */
public final class KeyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KeyException(String message) {
    super(message);
  }

  KeyException(String message, Throwable cause) {
    super(message, cause);
  }
}
