package org.odap.gateway.attestation;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** The metrics of attestation; all their names are here. */
public final class AttestationMetrics {
  private static final String ATTESTATIONS = "odap.gateway.attestations";

  private final MeterRegistry registry;

  /** Metrics in a registry. */
  public AttestationMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void affirmed(String counterparty) {
    count(counterparty, "affirmed");
  }

  void failed(String counterparty, UnattestedException.Kind kind) {
    count(counterparty, kind.name().toLowerCase(Locale.ROOT));
  }

  private void count(String counterparty, String verdict) {
    registry.counter(ATTESTATIONS, "counterparty", counterparty, "verdict", verdict).increment();
  }
}
