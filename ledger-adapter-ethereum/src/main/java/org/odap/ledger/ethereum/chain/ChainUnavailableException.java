package org.odap.ledger.ethereum.chain;

/**
 * The node could not be reached or did not answer sensibly: whether it acted on the request is
 * unknown. Asking again may help.
 */
public final class ChainUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ChainUnavailableException(String message) {
    super(message);
  }

  public ChainUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
