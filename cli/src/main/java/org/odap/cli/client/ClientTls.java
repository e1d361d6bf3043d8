package org.odap.cli.client;

import java.time.Duration;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.lifecycle.TlsReload;

/** A client's certificate may be renewed while a command runs. */
public final class ClientTls {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private ClientTls() {}

  /** Takes changed files up from now on, until it is stopped. */
  public static TlsReload reload(TlsMaterial tls) {
    TlsReload reload = new TlsReload(tls, INTERVAL);
    reload.start();
    return reload;
  }
}
