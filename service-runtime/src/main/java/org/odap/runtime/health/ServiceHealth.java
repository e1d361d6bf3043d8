package org.odap.runtime.health;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A service's own word on its health, for probes over HTTP and gRPC. It never depends on a
 * counterparty: another organization's outage must not take ours out of service.
 *
 * <p>Owner of its state; every method may be called from any thread. Ready implies started and
 * live.
 */
public final class ServiceHealth {
  private final HealthStatusManager grpc = new HealthStatusManager();
  private final Map<String, Optional<String>> unmet = new LinkedHashMap<>();
  private Set<String> services = Set.of();
  private final Set<String> elsewhere = new HashSet<>();
  private boolean started;
  private boolean stopping;
  private Optional<String> death = Optional.empty();

  public ServiceHealth() {
    publish();
  }

  /** Something the service needs to be ready, such as its log or its ledger. Unmet at first. */
  public Condition condition(String name) {
    set(name, Optional.of("not checked yet"));
    return new Condition(name);
  }

  /** Answers for each of these gRPC services by its name, too. */
  public synchronized void serves(Set<String> names) {
    services = Set.copyOf(names);
    publish();
  }

  /**
   * Whether calls to a service are answered here, or by another replica: callers that know several
   * go where they are.
   */
  public synchronized void answers(String service, boolean here) {
    if (here) {
      elsewhere.remove(service);
    } else {
      elsewhere.add(service);
    }
    publish();
  }

  /** All parts have started. */
  public synchronized void started() {
    started = true;
    publish();
  }

  /** The service goes down: not ready any more, come what may. */
  public synchronized void stopping() {
    stopping = true;
    publish();
  }

  /** The service can't recover by itself and wants to be restarted. */
  public synchronized void dead(String why) {
    death = Optional.of(why);
    publish();
  }

  public synchronized boolean isStarted() {
    return started;
  }

  public synchronized boolean isLive() {
    return death.isEmpty();
  }

  public synchronized boolean isReady() {
    return started && !stopping && death.isEmpty() && unmetConditions() == 0;
  }

  /** Names of the conditions. */
  public synchronized Set<String> conditions() {
    return Set.copyOf(unmet.keySet());
  }

  /** Whether nothing is wrong with a condition. */
  public synchronized boolean isMet(String condition) {
    return unmet.get(condition).isEmpty();
  }

  /** Each condition and what is wrong with it, "ok" when nothing is. */
  public synchronized Map<String, String> details() {
    Map<String, String> details = new LinkedHashMap<>();
    unmet.forEach((name, why) -> details.put(name, why.orElse("ok")));
    death.ifPresent(why -> details.put("live", why));
    if (stopping) {
      details.put("stopping", "the service goes down");
    }
    return details;
  }

  /** The standard gRPC health service; the empty service name stands for the whole. */
  public BindableService grpcService() {
    return grpc.getHealthService();
  }

  private long unmetConditions() {
    return unmet.values().stream().filter(Optional::isPresent).count();
  }

  private synchronized void set(String name, Optional<String> why) {
    unmet.put(name, why);
    publish();
  }

  private void publish() {
    publish(HealthStatusManager.SERVICE_NAME_ALL_SERVICES);
    services.forEach(this::publish);
  }

  private void publish(String service) {
    boolean serving = isReady() && !elsewhere.contains(service);
    grpc.setStatus(service, serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  /** One condition of readiness, told by whoever knows it. */
  public final class Condition {
    private final String name;

    private Condition(String name) {
      this.name = name;
    }

    public void met() {
      set(name, Optional.empty());
    }

    public void unmet(String why) {
      set(name, Optional.of(why));
    }
  }
}
