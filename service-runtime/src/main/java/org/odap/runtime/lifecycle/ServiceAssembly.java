package org.odap.runtime.lifecycle;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.identity.TlsMaterial;
import org.odap.runtime.identity.TokenSchemes;
import org.odap.runtime.metrics.ServiceMetrics;
import org.odap.runtime.rpc.RpcChannels;
import org.odap.runtime.rpc.RpcTarget;
import org.odap.runtime.rpc.ServedCalls;
import org.odap.runtime.tracing.Tracing;

/**
 * What a service is put together from: it adds its parts in the order in which they start and the
 * gRPC services it offers; these are served once every part has started.
 */
public final class ServiceAssembly {
  private final TlsMaterial tls;
  private final ServiceHealth health;
  private final ServiceMetrics metrics;
  private final Tracing tracing;
  private final Set<String> flags;
  private TokenSchemes tokens = TokenSchemes.NONE;
  private final List<Part> parts = new ArrayList<>();
  private final List<BindableService> services = new ArrayList<>();
  private final List<Function<ServedCalls, Part>> doors = new ArrayList<>();

  ServiceAssembly(
      TlsMaterial tls,
      ServiceHealth health,
      ServiceMetrics metrics,
      Tracing tracing,
      Set<String> flags) {
    this.tls = tls;
    this.health = health;
    this.metrics = metrics;
    this.tracing = tracing;
    this.flags = Set.copyOf(flags);
  }

  /** Our identity, signing key and TLS material. */
  public TlsMaterial tls() {
    return tls;
  }

  /** Where parts tell what the service's readiness depends on. */
  public ServiceHealth health() {
    return health;
  }

  /** Where parts register their meters. */
  public MeterRegistry metrics() {
    return metrics.registry();
  }

  /** What makes the spans of what is done of our own accord. */
  public Tracing tracing() {
    return tracing;
  }

  /** Whether a flag such as {@code --salvage} was given. */
  public boolean hasFlag(String flag) {
    return flags.contains(flag);
  }

  /** Adds a part: started after those added before, stopped before them. */
  public <T extends Part> T add(T part) {
    parts.add(part);
    return part;
  }

  /** Takes tokens besides certificates, on whichever way calls come in. */
  public void tokens(TokenSchemes taken) {
    tokens = taken;
  }

  TokenSchemes tokens() {
    return tokens;
  }

  /** Offers a gRPC service. */
  public void serve(BindableService service) {
    services.add(service);
  }

  /**
   * Adds another way in to the services offered here, whenever they are added: opened after every
   * part and the gRPC server, closed before them.
   */
  public void door(Function<ServedCalls, Part> door) {
    doors.add(door);
  }

  /** A channel to another service, closed when this service stops. */
  public ManagedChannel channel(RpcTarget target) {
    return closedAtStop(target, RpcChannels.channel(target, tls));
  }

  /**
   * A channel to those replicas of another service that answer calls to one of its gRPC services,
   * closed when this service stops.
   *
   * @param service the gRPC service's full name
   */
  public ManagedChannel channel(RpcTarget target, String service) {
    return closedAtStop(target, RpcChannels.channel(target, service, tls));
  }

  private ManagedChannel closedAtStop(RpcTarget target, ManagedChannel channel) {
    parts.add(new ChannelPart(target, channel));
    return channel;
  }

  List<Part> parts() {
    return List.copyOf(parts);
  }

  List<BindableService> services() {
    return List.copyOf(services);
  }

  List<Part> doors(ServedCalls calls) {
    return doors.stream().map(door -> door.apply(calls)).toList();
  }

  private record ChannelPart(RpcTarget target, ManagedChannel channel) implements Part {
    @Override
    public String name() {
      return "channel to " + target.identity();
    }

    @Override
    public void start() {
      // Connects at the first call: services come up in any order.
    }

    @Override
    public void stop(Duration limit) throws InterruptedException {
      // Whoever used it has stopped before; what is still open is an idle stream.
      channel.shutdownNow();
      boolean _ = channel.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
