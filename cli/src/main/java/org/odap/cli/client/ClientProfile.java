package org.odap.cli.client;

import org.odap.runtime.config.Description;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.rpc.RpcTarget;

/** How a client reaches its gateway, and as whom. One YAML file. */
public record ClientProfile(
    @Description(
            "the gateway to talk to; its replicas, where several are named, take calls in turn")
        RpcTarget gateway,
    @Description("the client's own certificate and whom it trusts") TlsFiles tls) {}
