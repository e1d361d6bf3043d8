package org.odap.runtime.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.identity.TlsMaterial;

/**
 * A service's metrics. Names are {@code odap_<service>_<noun>_<unit or total>}, constants in one
 * class a service; what every service has is called {@code odap_service_...} and labelled with the
 * service's name as its component. Labels are few and never hold a transfer id.
 */
public final class ServiceMetrics {
  private static final String INFO = "odap.service.info";
  private static final String READY = "odap.service.ready";
  private static final String CONDITION = "odap.service.condition";
  private static final String CERTIFICATE_EXPIRY = "odap.service.certificate.expiry";
  // Prometheus on Kubernetes calls something else "service".
  private static final String COMPONENT = "component";

  /** From a synced write to a ledger's finality. */
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(2)
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
  private final String service;

  /** Metrics of a service with a short name such as {@code log} or {@code ledger-sql}. */
  public ServiceMetrics(String service) {
    this.service = service;
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
    Gauge.builder(INFO, () -> 1)
        .description("Which build runs: always 1")
        .tag(COMPONENT, service)
        .tag("version", version())
        .tag("java", Runtime.version().toString())
        .register(registry);
  }

  /** A timer with the buckets that all durations have. */
  public static Timer.Builder timer(String name, String description) {
    return Timer.builder(name).description(description).serviceLevelObjectives(BUCKETS);
  }

  /** Tells until when our certificate and those we trust can be used. */
  public void watch(TlsMaterial tls) {
    certificate(
        "own", tls.identity().organization(), () -> tls.certificate().getNotAfter().toInstant());
    for (String organization : tls.anchorsEnd().keySet()) {
      certificate("trusted", organization, () -> tls.anchorsEnd().get(organization));
    }
  }

  private void certificate(String kind, String organization, Supplier<Instant> end) {
    Gauge.builder(
            CERTIFICATE_EXPIRY,
            () -> Duration.between(Instant.now(), end.get()).toMillis() / 1_000.0)
        .description("Time until a certificate ends; negative once it has")
        .baseUnit("seconds")
        .tag(COMPONENT, service)
        .tag("certificate", kind)
        .tag("organization", organization)
        .register(registry);
  }

  /** Tells what the probes are told. */
  public void watch(ServiceHealth health) {
    Gauge.builder(READY, () -> health.isReady() ? 1 : 0)
        .description("1 while the service is ready for calls")
        .tag(COMPONENT, service)
        .register(registry);
    for (String condition : health.conditions()) {
      Gauge.builder(CONDITION, () -> health.isMet(condition) ? 1 : 0)
          .description("1 while what readiness depends on is there")
          .tag(COMPONENT, service)
          .tag("condition", condition)
          .register(registry);
    }
  }

  /** Where a service registers its meters. */
  public MeterRegistry registry() {
    return registry;
  }

  /** The text Prometheus reads. */
  public String scrape() {
    return registry.scrape();
  }

  /** Ends the background listening of the meters. */
  public void close() {
    garbageCollection.close();
    registry.close();
  }

  private static String version() {
    return Optional.ofNullable(ServiceMetrics.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
