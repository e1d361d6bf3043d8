package org.odap.runtime.metrics;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts and times the calls a server answers, by method and gRPC code. */
public final class RpcMetrics implements ServerInterceptor {
  /** Time to answer a call: {@code odap_<service>_rpc_seconds}. */
  public static final String RPC = "rpc";

  private final MeterRegistry registry;
  private final String name;
  private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

  private record Series(String method, Status.Code code) {}

  public RpcMetrics(MeterRegistry registry, String service) {
    this.registry = registry;
    this.name = "odap." + service.replace('-', '.') + "." + RPC;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    long start = System.nanoTime();
    String method = call.getMethodDescriptor().getFullMethodName();
    return next.startCall(
        new SimpleForwardingServerCall<Q, A>(call) {
          @Override
          public void close(Status status, Metadata trailers) {
            timers
                .computeIfAbsent(new Series(method, status.getCode()), RpcMetrics.this::timer)
                .record(Duration.ofNanos(System.nanoTime() - start));
            super.close(status, trailers);
          }
        },
        headers);
  }

  private Timer timer(Series series) {
    return ServiceMetrics.timer(name, "Time to answer a call")
        .tag("method", series.method())
        .tag("code", series.code().name())
        .register(registry);
  }
}
