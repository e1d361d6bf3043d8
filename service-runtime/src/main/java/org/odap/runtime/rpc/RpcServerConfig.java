package org.odap.runtime.rpc;

import com.google.common.net.InetAddresses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.odap.runtime.config.Bounds;
import org.odap.runtime.config.Checked;
import org.odap.runtime.config.Default;
import org.odap.runtime.config.Description;
import org.odap.runtime.identity.CallerRule;

/** Where a service listens, and to whom. */
public record RpcServerConfig(
    @Description("address to listen on; 0.0.0.0 for every interface")
        @Default("127.0.0.1")
        @Bounds(min = "1")
        String bindAddress,
    @Description("port to listen on; 0 takes a free one")
        @Default("0")
        @Bounds(min = "0", max = "65535")
        int port,
    @Description("file that gets the port once the service is ready") Optional<Path> portFile,
    @Description("who may call which services; nobody else is served") List<CallerRule> callers,
    @Description("largest request taken, in bytes")
        @Default("4194304")
        @Bounds(min = "16384", max = "67108864")
        int messageBytesMax,
    @Description("calls that one connection may have open at a time")
        @Default("1000")
        @Bounds(min = "1", max = "100000")
        int callsPerConnectionMax,
    @Description(
            "time after which a connection is ended, once its calls are over: callers then find"
                + " servers that have come since; without it connections stay")
        @Bounds(min = "1s", max = "24h")
        Optional<Duration> connectionAgeMax,
    @Description("time a client has for its TLS handshake")
        @Default("10s")
        @Bounds(min = "100ms", max = "60s")
        Duration handshakeTimeout,
    @Description("accept TLS 1.2 besides 1.3 (ODAP 5.6 wants 1.3)") @Default("false")
        boolean allowTls12,
    @Description(
            "the service mesh whose mutual TLS stands in for our own: the port then takes plain"
                + " text, of the mesh's proxy beside us")
        Optional<MeshConfig> mesh,
    @Description("what one caller may take") CallLimitsConfig limits)
    implements Checked {

  public RpcServerConfig {
    callers = List.copyOf(callers);
  }

  /** A free port on the loopback interface, everything else as by default. */
  public static RpcServerConfig loopback(List<CallerRule> callers) {
    return new RpcServerConfig(
        "127.0.0.1",
        0,
        Optional.empty(),
        callers,
        4 << 20,
        1000,
        Optional.empty(),
        Duration.ofSeconds(10),
        false,
        Optional.empty(),
        CallLimitsConfig.standard());
  }

  /** The same with other limits. */
  public RpcServerConfig limited(CallLimitsConfig others) {
    return with(port, mesh, others);
  }

  /** The same on this port. */
  public RpcServerConfig at(int other) {
    return with(other, mesh, limits);
  }

  /** The same behind a mesh's proxy. */
  public RpcServerConfig behind(MeshConfig proxied) {
    return with(port, Optional.of(proxied), limits);
  }

  private RpcServerConfig with(
      int otherPort, Optional<MeshConfig> otherMesh, CallLimitsConfig otherLimits) {
    return new RpcServerConfig(
        bindAddress,
        otherPort,
        portFile,
        callers,
        messageBytesMax,
        callsPerConnectionMax,
        connectionAgeMax,
        handshakeTimeout,
        allowTls12,
        otherMesh,
        otherLimits);
  }

  /** Envoy comes from the loopback interface; Linkerd's proxy calls the address that was called. */
  @Override
  public List<String> mistakes() {
    return mesh.filter(config -> config.proxy() == MeshProxy.ISTIO).isPresent() && !isLoopback()
        ? List.of(
            "bind-address: value: "
                + bindAddress
                + " (expected: a loopback address such as 127.0.0.1, with mesh.proxy istio: who"
                + " reaches the port says who it is)")
        : List.of();
  }

  private boolean isLoopback() {
    return bindAddress.equals("localhost")
        || (InetAddresses.isInetAddress(bindAddress)
            && InetAddresses.forString(bindAddress).isLoopbackAddress());
  }
}
