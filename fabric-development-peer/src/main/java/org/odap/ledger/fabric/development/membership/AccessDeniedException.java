package org.odap.ledger.fabric.development.membership;

/** An identity or a signature that a channel's members don't vouch for. */
public final class AccessDeniedException extends Exception {
  private static final long serialVersionUID = 1;

  AccessDeniedException(String message) {
    super(message);
  }

  AccessDeniedException(String message, Throwable cause) {
    super(message, cause);
  }
}
