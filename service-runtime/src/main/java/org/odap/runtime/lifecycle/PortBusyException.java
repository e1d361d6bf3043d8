package org.odap.runtime.lifecycle;

import java.io.IOException;
import java.net.InetSocketAddress;

/** A configured port is taken by another program: a mistake of the configuration, told as one. */
public final class PortBusyException extends IOException {
  private static final long serialVersionUID = 1;

  private PortBusyException(String key, InetSocketAddress address, Throwable cause) {
    super(
        "%s: value: %d (expected: a port nobody uses on %s; 0 takes a free one)"
            .formatted(key, address.getPort(), address.getHostString()),
        cause);
  }

  /**
   * What to throw when listening failed: this where the port is taken, else the failure itself.
   *
   * @param key the configuration's key for the port
   */
  public static IOException orElse(IOException failure, String key, InetSocketAddress address) {
    // Each transport has its own exception; only the system's words in it are the same.
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains("already in use")) {
        return new PortBusyException(key, address, failure);
      }
    }
    return failure;
  }
}
