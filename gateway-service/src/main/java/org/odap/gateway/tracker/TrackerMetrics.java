package org.odap.gateway.tracker;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.IntSupplier;

/** The trackers' metrics; all their names are here. */
public final class TrackerMetrics {
  private static final String BACKLOG = "odap.gateway.tracker.backlog";
  private static final String OUTBOXES = "odap.gateway.tracker.outboxes";
  private static final String GIVEN_UP = "odap.gateway.tracker.given.up";
  private static final String POSTED = "odap.gateway.tracker.posted";
  private static final String FAILED = "odap.gateway.tracker.failed";

  private final MeterRegistry registry;

  /** Metrics in a registry. */
  public TrackerMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * How much there is to do.
   *
   * @param outboxes transfers that are tracked and not posted to their end
   * @param backlog entries that are logged and not posted
   * @param givenUp transfers whose trackers were given up
   */
  void watch(IntSupplier outboxes, IntSupplier backlog, IntSupplier givenUp) {
    Gauge.builder(OUTBOXES, outboxes, IntSupplier::getAsInt)
        .strongReference(true)
        .register(registry);
    Gauge.builder(GIVEN_UP, givenUp, IntSupplier::getAsInt)
        .strongReference(true)
        .register(registry);
    Gauge.builder(BACKLOG, backlog, IntSupplier::getAsInt).strongReference(true).register(registry);
  }

  void posted() {
    registry.counter(POSTED).increment();
  }

  void failed() {
    registry.counter(FAILED).increment();
  }
}
