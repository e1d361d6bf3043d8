package org.odap.edge;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;

/** Where a service answers HTTP and JSON. */
public record EdgeConfig(
    @Description("address to listen on; 0.0.0.0 for every interface")
        @Default("127.0.0.1")
        @Bounds(min = "1")
        String bindAddress,
    @Description("port to listen on; 0 takes a free one")
        @Default("0")
        @Bounds(min = "0", max = "65535")
        int port,
    @Description("file that gets the port once the edge serves") Optional<Path> portFile,
    @Description(
            "whether a caller must show a certificate; optional lets in browsers and callers with"
                + " bearer tokens, who then have no rights but their token's")
        @Default("required")
        ClientCertificate clientCertificate,
    @Description("largest body taken, in bytes")
        @Default("4194304")
        @Bounds(min = "16384", max = "67108864")
        int bodyBytesMax,
    @Description("longest address taken with its query, in bytes")
        @Default("65536")
        @Bounds(min = "1024", max = "1048576")
        int addressBytesMax,
    @Description("time for a request and its answer, and the longest a caller may ask for")
        @Default("60s")
        @Bounds(min = "100ms", max = "10m")
        Duration requestTimeout,
    @Description("connections open at a time") @Default("4096") @Bounds(min = "1", max = "1000000")
        int connectionsMax) {

  /** Whether a caller must show a certificate. */
  public enum ClientCertificate {
    /** Without one there is no connection. */
    REQUIRED,
    /** Without one a caller is nobody, unless it shows something else. */
    OPTIONAL
  }

  /** A free port on the loopback interface, everything else as by default. */
  public static EdgeConfig loopback() {
    return new EdgeConfig(
        "127.0.0.1",
        0,
        Optional.empty(),
        ClientCertificate.REQUIRED,
        4 << 20,
        64 << 10,
        Duration.ofSeconds(60),
        4096);
  }
}
