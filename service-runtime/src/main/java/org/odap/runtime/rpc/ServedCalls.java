package org.odap.runtime.rpc;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.odap.runtime.identity.CallerPolicy;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TokenSchemes;
import org.odap.runtime.tracing.CallTracing;
import org.odap.runtime.tracing.Tracing;

/**
 * The services of a process behind what every call goes through, whichever way it came in: caller
 * and its limits, errors, metrics, counting.
 */
public final class ServedCalls {
  private final List<ServerServiceDefinition> services;
  private final OpenCalls openCalls = new OpenCalls();

  /**
   * Services and the interceptors around those of every call.
   *
   * @param outer they see mapped errors, but no caller
   */
  ServedCalls(
      List<BindableService> services,
      List<ServerInterceptor> outer,
      CallerPolicy policy,
      Callers callers,
      TlsMaterial tls,
      TokenSchemes tokens,
      CallLimits limits,
      Tracing tracing) {
    List<ServerInterceptor> order = new ArrayList<>();
    order.add(openCalls);
    order.addAll(outer);
    order.add(CallTracing.server(tracing, callers::isOurOwn));
    // Errors must be mapped around everything that may throw.
    order.add(new ErrorInterceptor());
    order.add(new CallerInterceptor(policy, callers, tls, tokens, limits));
    this.services =
        services.stream()
            .map(service -> ServerInterceptors.interceptForward(service, order))
            .toList();
  }

  /** The services; their methods can be started by {@link LocalCall}. */
  public List<ServerServiceDefinition> services() {
    return services;
  }

  /** Returns when no unary call is open, or the limit is over. */
  void awaitNone(Duration limit) throws InterruptedException {
    openCalls.awaitNone(limit);
  }
}
