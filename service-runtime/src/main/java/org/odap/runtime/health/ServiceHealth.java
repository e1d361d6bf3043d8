package org.odap.runtime.health;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

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
    grpc.setStatus(
        HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
        isReady() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
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
