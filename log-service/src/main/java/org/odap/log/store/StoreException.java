package org.odap.log.store;

/** The disk or the database under the store failed. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean corrupt;

  public StoreException(String message, boolean corrupt, Throwable cause) {
    super(message, cause);
    this.corrupt = corrupt;
  }

  public StoreException(String message, boolean corrupt) {
    super(message);
    this.corrupt = corrupt;
  }

  /** Whether stored bytes were readable but are not the ones that were written. */
  public boolean isCorrupt() {
    return corrupt;
  }
}
