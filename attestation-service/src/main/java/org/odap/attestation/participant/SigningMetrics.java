package org.odap.attestation.participant;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.odap.api.common.v1.ErrorReason;
import org.odap.runtime.rpc.OdapErrors;

/** What a participant counts. Prometheus sees dots as underscores and adds _total. */
public final class SigningMetrics {
  /** Partial signatures given, repeats too: {@code odap_participant_signatures_total}. */
  public static final String SIGNATURES = "odap.participant.signatures";

  /** Partial signatures refused, by reason: {@code odap_participant_refusals_total}. */
  public static final String REFUSALS = "odap.participant.refusals";

  private final MeterRegistry registry;
  private final Counter signatures;

  public SigningMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.signatures =
        Counter.builder(SIGNATURES)
            .description("Partial signatures given, repeats too")
            .register(registry);
  }

  void given() {
    signatures.increment();
  }

  void refused(ErrorReason reason) {
    Counter.builder(REFUSALS)
        .description("Partial signatures refused")
        .tag("reason", OdapErrors.name(reason))
        .register(registry)
        .increment();
  }
}
