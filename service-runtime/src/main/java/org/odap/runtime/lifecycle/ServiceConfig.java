package org.odap.runtime.lifecycle;

import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;

/** What every service's configuration record holds beside its own keys. */
public interface ServiceConfig {
  /** Our certificate and whom we trust. */
  TlsFiles tls();

  /** Where we listen and who may call. */
  RpcServerConfig server();

  /** Metrics, probes and stopping. */
  OperationsConfig operations();
}
