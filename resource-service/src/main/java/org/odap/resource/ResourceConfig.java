package org.odap.resource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.odap.edge.EdgeConfig;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.TlsFiles;
import org.odap.runtime.lifecycle.ServiceConfig;
import org.odap.runtime.metrics.OperationsConfig;
import org.odap.runtime.rpc.RpcServerConfig;

/** Configuration of a resource service. */
public record ResourceConfig(
    TlsFiles tls,
    RpcServerConfig server,
    OperationsConfig operations,
    @Description("the HTTP and JSON edge; without it there is none") Optional<EdgeConfig> edge,
    @Description(
            "folder with the folders asset-profiles, vasps and beneficiaries, a JSON file each;"
                + " taken anew, as a whole, when a file in them changes")
        Path catalogDirectory,
    @Description("how often the catalog's files are looked at")
        @Default("2s")
        @Bounds(min = "100ms", max = "1h")
        Duration catalogInterval,
    @Description("folder of travel-rule data and its access log; made when it does not exist")
        Path dataDirectory)
    implements ServiceConfig {}
