package org.odap.attestation.edge;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.odap.attestation.appraisal.Verifier;

/**
 * What the attestation service counts. Prometheus sees dots as underscores and adds unit or _total.
 */
public final class AttestationMetrics {
  /** Time of an appraisal: {@code odap_attestation_appraisal_seconds}. */
  public static final String APPRAISAL = "odap.attestation.appraisal";

  /** Quotes refused: {@code odap_attestation_refusals_total}. */
  public static final String REFUSALS = "odap.attestation.refusals";

  /** Time of a quote by the TPM: {@code odap_attestation_quote_seconds}. */
  public static final String QUOTE = "odap.attestation.quote";

  /** Attestation keys known: {@code odap_attestation_known_keys}. */
  public static final String KNOWN_KEYS = "odap.attestation.known.keys";

  /** Challenges open: {@code odap_attestation_open_challenges}. */
  public static final String OPEN_CHALLENGES = "odap.attestation.open.challenges";

  private final MeterRegistry registry;
  private final Timer appraisal;
  private final Timer quote;
  private final Counter refusals;

  public AttestationMetrics(MeterRegistry registry) {
    this.registry = registry;
    appraisal = Timer.builder(APPRAISAL).description("Time of an appraisal").register(registry);
    quote = Timer.builder(QUOTE).description("Time of a quote by the TPM").register(registry);
    refusals = Counter.builder(REFUSALS).description("Quotes refused").register(registry);
  }

  /** Watches a verifier. */
  public void watch(Verifier verifier) {
    Gauge.builder(KNOWN_KEYS, verifier, Verifier::keyCount)
        .description("Attestation keys known")
        .register(registry);
    Gauge.builder(OPEN_CHALLENGES, verifier, Verifier::challengeCount)
        .description("Challenges open")
        .register(registry);
  }

  Timer appraisal() {
    return appraisal;
  }

  Timer quote() {
    return quote;
  }

  void refused() {
    refusals.increment();
  }
}
