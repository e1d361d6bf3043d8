package org.odap.ledger.fabric.network;

/** Files or answers that keep the adapter from its peer; the message names them. */
public final class PeerException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public PeerException(String message) {
    super(message);
  }

  public PeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
