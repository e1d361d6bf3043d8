package org.odap.edge;

import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.odap.runtime.rpc.CallerConnection;

/** The caller of each TLS session, worked out once. */
final class Connections {
  private static final String KEY = "odap-connection";

  private Connections() {}

  static Optional<CallerConnection> of(SSLSession session) {
    if (session.getValue(KEY) instanceof CallerConnection known) {
      return Optional.of(known);
    }
    Optional<CallerConnection> connection = CallerConnection.of(session);
    connection.ifPresent(value -> session.putValue(KEY, value));
    return connection;
  }
}
