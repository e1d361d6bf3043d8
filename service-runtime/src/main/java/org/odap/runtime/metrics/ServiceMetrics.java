package org.odap.runtime.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/**
 * A service's metrics. Names are {@code odap_<service>_<noun>_<unit or total>}, constants in one
 * class a service; labels are few and never hold a transfer id.
 */
public final class ServiceMetrics {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

  public ServiceMetrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    garbageCollection.bindTo(registry);
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
}
