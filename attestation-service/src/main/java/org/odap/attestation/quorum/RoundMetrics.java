package org.odap.attestation.quorum;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntSupplier;

/**
 * What who collects counts. Prometheus sees dots as underscores and adds unit or _total. A round is
 * one statement asked of all participants.
 */
public final class RoundMetrics {
  /** Time of a round, by outcome: {@code odap_quorum_round_seconds}, a histogram. */
  public static final String ROUND = "odap.quorum.round";

  /** What each participant did in rounds: {@code odap_quorum_answers_total}. */
  public static final String ANSWERS = "odap.quorum.answers";

  /** Participants that say they are well: {@code odap_quorum_members_well}. */
  public static final String MEMBERS_WELL = "odap.quorum.members.well";

  private final MeterRegistry registry;

  public RoundMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /** What came of a round. */
  enum Outcome {
    SIGNED,
    THRESHOLD_NOT_MET
  }

  /** What a participant did in a round. */
  enum Answer {
    RIGHT,
    WRONG,
    REFUSED,
    /** It could not be reached, or did not answer in time. */
    SILENT,
    /** It had not answered when enough had: nobody waited. */
    LATE
  }

  /** Watches how many participants are well. */
  public void watch(IntSupplier well) {
    Gauge.builder(MEMBERS_WELL, well, IntSupplier::getAsInt)
        .description("Participants that say they are well")
        .strongReference(true)
        .register(registry);
  }

  void ended(Outcome outcome, Duration time) {
    Timer.builder(ROUND)
        .description("Time of a round")
        .tag("outcome", word(outcome))
        .publishPercentileHistogram()
        .minimumExpectedValue(Duration.ofMillis(1))
        .maximumExpectedValue(Duration.ofSeconds(30))
        .register(registry)
        .record(time);
  }

  void answered(String participant, Answer answer) {
    Counter.builder(ANSWERS)
        .description("What participants did in rounds")
        .tag("participant", participant)
        .tag("answer", word(answer))
        .register(registry)
        .increment();
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
