package org.odap.cli.log;

import org.odap.runtime.config.Description;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.rpc.RpcTarget;

/** How an operator reaches a log service, and as whom. One YAML file. */
public record LogProfile(
    @Description("the log service") RpcTarget log,
    @Description("the operator's own certificate and whom it trusts") TlsFiles tls) {}
