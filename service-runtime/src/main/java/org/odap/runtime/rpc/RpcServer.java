package org.odap.runtime.rpc;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.identity.CallerPolicy;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TokenSchemes;
import org.odap.runtime.lifecycle.Part;
import org.odap.runtime.lifecycle.PortBusyException;
import org.odap.runtime.tracing.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's gRPC server: mutual TLS 1.3, its own or that of a service mesh's proxy beside it,
 * callers by policy, each call on a virtual thread so that service code may block.
 */
public final class RpcServer implements Part {
  // Ours ping every 30 s; more often than this is a flood.
  private static final Duration KEEP_ALIVE_PERMITTED = Duration.ofSeconds(10);
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);
  private static final int METADATA_BYTES_MAX = 16 << 10;

  private static final Logger log = LoggerFactory.getLogger(RpcServer.class);

  private final Server server;
  private final InetSocketAddress address;
  private final ServedCalls calls;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();

  private RpcServer(Builder builder) {
    RpcServerConfig config = builder.config;
    address = new InetSocketAddress(config.bindAddress(), config.port());
    CallLimits limits = new CallLimits(config.limits(), builder.tls);
    NettyServerBuilder netty =
        NettyServerBuilder.forAddress(address)
            .executor(executor)
            .maxInboundMessageSize(config.messageBytesMax())
            .maxInboundMetadataSize(METADATA_BYTES_MAX)
            .maxConcurrentCallsPerConnection(config.callsPerConnectionMax())
            .handshakeTimeout(config.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(KEEP_ALIVE_PERMITTED.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .addTransportFilter(new CallerInterceptor.Filter(limits));
    if (config.mesh().isEmpty()) {
      netty.sslContext(TlsContexts.server(builder.tls, config.allowTls12()));
    }
    // Calls under way end by themselves, however long they take; only new ones go elsewhere.
    config
        .connectionAgeMax()
        .ifPresent(age -> netty.maxConnectionAge(age.toMillis(), TimeUnit.MILLISECONDS));
    calls =
        new ServedCalls(
            builder.services,
            builder.interceptors,
            builder.policy,
            new Callers(builder.tls, config.mesh()),
            builder.tls,
            builder.tokens,
            limits,
            builder.tracing);
    calls.services().forEach(netty::addService);
    this.server = netty.build();
  }

  /** A server that will serve nobody until callers are configured. */
  public static Builder builder(RpcServerConfig config, TlsMaterial tls) {
    return new Builder(config, tls);
  }

  /** Collects what a server needs. */
  public static final class Builder {
    private final RpcServerConfig config;
    private final TlsMaterial tls;
    private final CallerPolicy policy;
    private TokenSchemes tokens = TokenSchemes.NONE;
    private Tracing tracing = Tracing.OFF;
    private final List<BindableService> services = new ArrayList<>();
    private final List<ServerInterceptor> interceptors = new ArrayList<>();

    private Builder(RpcServerConfig config, TlsMaterial tls) {
      this.config = config;
      this.tls = tls;
      this.policy = CallerPolicy.of(config.callers());
    }

    /** Serves one more service. */
    public Builder service(BindableService service) {
      services.add(service);
      return this;
    }

    /** Takes tokens besides certificates. */
    public Builder tokens(TokenSchemes taken) {
      this.tokens = taken;
      return this;
    }

    /** Makes calls parts of traces. */
    public Builder tracing(Tracing made) {
      this.tracing = made;
      return this;
    }

    /** Adds an interceptor around those of the server: it sees mapped errors, but no caller. */
    public Builder interceptor(ServerInterceptor interceptor) {
      interceptors.add(interceptor);
      return this;
    }

    public RpcServer build() {
      return new RpcServer(this);
    }
  }

  @Override
  public String name() {
    return "rpc";
  }

  @Override
  public void start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw PortBusyException.orElse(e, "server.port", address);
    }
  }

  /** What is served, for other ways in. */
  public ServedCalls calls() {
    return calls;
  }

  /** The port listened on; known after start. */
  public int port() {
    return server.getPort();
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    server.shutdown();
    try {
      // Half of the time, so that the parts behind the calls can still end in order.
      calls.awaitNone(limit.dividedBy(2));
      server.shutdownNow();
      if (!server.awaitTermination(limit.dividedBy(2).toMillis(), TimeUnit.MILLISECONDS)) {
        log.atWarn().log("calls under way were cut off");
      }
    } finally {
      executor.shutdown();
    }
  }
}
