package org.odap.runtime.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.odap.runtime.identity.Identity;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.tracing.CallTracing;

/**
 * Channels to other services: mutual TLS 1.3, and only to the one named; in plain text where a
 * service mesh's proxy takes the calls.
 */
public final class RpcChannels {
  /** For unary calls that set no deadline of their own. */
  public static final Duration DEADLINE_STANDARD = Duration.ofSeconds(10);

  private static final int MESSAGE_BYTES_MAX = 64 << 20;
  // A service comes back within a second or two; one attempt a second costs nobody anything.
  private static final Duration RECONNECT = Duration.ofSeconds(1);

  /** Where calls are made again at once, so that the last attempt finds a service that is back. */
  private static final Duration RECONNECT_IN_TURN = Duration.ofMillis(200);

  private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);
  private static final Duration KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(10);

  /** Where there is another replica to go to, one that hangs is soon given up. */
  private static final Duration REPLICA_KEEP_ALIVE = Duration.ofSeconds(12);

  private static final Duration REPLICA_KEEP_ALIVE_TIMEOUT = Duration.ofSeconds(2);

  private static final Map<String, Object> ROUND_ROBIN = Map.of("round_robin", Map.of());

  /**
   * gRPC makes no more attempts than five. UNKNOWN, which no service of ours answers, is what it
   * calls some connections that broke, here where {@link BrokenConnections} has not spoken yet.
   */
  private static final Map<String, Object> AGAIN =
      Map.of(
          "maxAttempts",
          5.0,
          "initialBackoff",
          "0.05s",
          "maxBackoff",
          "0.5s",
          "backoffMultiplier",
          2.0,
          "retryableStatusCodes",
          List.of("UNAVAILABLE", "UNKNOWN"));

  private RpcChannels() {}

  /** A channel to a configured target. */
  public static ManagedChannel channel(RpcTarget target, TlsMaterial tls) {
    return configured(patient(NodeAddresses.builder(target)), target, tls, RECONNECT);
  }

  /**
   * A channel to those replicas of a configured target that say by gRPC's health service that they
   * answer calls to one of its services: those of a replicated log to the node that leads.
   *
   * @param service the service's full name, {@code package.Service}
   */
  public static ManagedChannel channel(RpcTarget target, String service, TlsMaterial tls) {
    return configured(
        NodeAddresses.builder(target)
            .keepAliveTime(REPLICA_KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(REPLICA_KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
            .defaultServiceConfig(
                Map.of(
                    "loadBalancingConfig",
                    List.of(ROUND_ROBIN),
                    "healthCheckConfig",
                    Map.of("serviceName", service))),
        target,
        tls,
        RECONNECT);
  }

  /**
   * A channel to the replicas of a configured target, for calls that may be repeated: each call
   * goes to the next, and one that is answered with UNAVAILABLE, or whose connection breaks, to the
   * one after that.
   */
  public static ManagedChannel inTurn(RpcTarget target, TlsMaterial tls) {
    return configured(
        patient(NodeAddresses.builder(target))
            .defaultServiceConfig(
                Map.of(
                    "loadBalancingConfig",
                    List.of(ROUND_ROBIN),
                    "methodConfig",
                    List.of(Map.of("name", List.of(Map.of()), "retryPolicy", AGAIN)))),
        target,
        tls,
        RECONNECT_IN_TURN);
  }

  /** A channel to host and port, where only this identity is taken for an answer. */
  public static ManagedChannel channel(String host, int port, TlsMaterial tls, Identity server) {
    return configured(
        patient(NettyChannelBuilder.forAddress(host, port)),
        new RpcTarget(host + ":" + port, server.uri()),
        tls,
        RECONNECT);
  }

  private static NettyChannelBuilder patient(NettyChannelBuilder builder) {
    return builder
        .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
        .keepAliveTimeout(KEEP_ALIVE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
  }

  private static ManagedChannel configured(
      NettyChannelBuilder builder, RpcTarget target, TlsMaterial tls, Duration reconnect) {
    NettyChannelBuilder every =
        builder
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .maxInboundMessageSize(MESSAGE_BYTES_MAX)
            .intercept(new BrokenConnections(), CallTracing.CLIENT, new StandardDeadline());
    ManagedChannel channel =
        target.mesh()
            ? every.usePlaintext().build()
            : overTls(every, tls, new Identity(target.identity()));
    return PromptReconnect.watch(channel, reconnect);
  }

  private static ManagedChannel overTls(
      NettyChannelBuilder builder, TlsMaterial tls, Identity server) {
    SslContext context = TlsContexts.client(tls, server);
    RenewedConnections renewed = new RenewedConnections(tls, context);
    ManagedChannel channel = builder.sslContext(context).intercept(renewed).build();
    renewed.of(channel);
    return channel;
  }

  /** No unary call may wait for ever: a caller that forgot a deadline gets the standard one. */
  private static final class StandardDeadline implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      boolean isUnary = method.getType() == MethodDescriptor.MethodType.UNARY;
      return next.newCall(
          method,
          isUnary && options.getDeadline() == null
              ? options.withDeadlineAfter(DEADLINE_STANDARD.toMillis(), TimeUnit.MILLISECONDS)
              : options);
    }
  }
}
