package org.odap.gateway.driver;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.function.IntSupplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.core.envelope.MessageType;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.Transfer;

/** The driver's metrics; all their names are here. */
public final class DriverMetrics {
  private static final String RUNNING = "odap.gateway.transfers.running";
  private static final String ENDED = "odap.gateway.transfers.ended";
  private static final String RECOVERED = "odap.gateway.transfers.recovered";
  private static final String DISPUTED = "odap.gateway.transfers.disputed";
  private static final String TROUBLED = "odap.gateway.transfers.troubled";
  private static final String FAILED = "odap.gateway.effects.failed";
  private static final String ANSWERED = "odap.gateway.messages.answered";
  private static final String REFUSED = "odap.gateway.messages.refused";

  private final MeterRegistry registry;

  /** Metrics in a registry. */
  public DriverMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  /**
   * How many transfers there are now.
   *
   * @param running those that run on this replica
   * @param troubled those of them that try something without success
   */
  void watch(IntSupplier running, IntSupplier troubled) {
    Gauge.builder(RUNNING, running, IntSupplier::getAsInt).strongReference(true).register(registry);
    Gauge.builder(TROUBLED, troubled, IntSupplier::getAsInt)
        .strongReference(true)
        .register(registry);
  }

  /** An attempt to reach the peer or a ledger failed; there will be others. */
  void failed(Effect effect, ErrorReason reason) {
    registry
        .counter(
            FAILED,
            "effect",
            switch (effect) {
              case Effect.SendRequest _ -> "message";
              case Effect.PerformStep _ -> "step";
            },
            "reason",
            reason.name().substring("ERROR_REASON_".length()))
        .increment();
  }

  void ended(Transfer transfer) {
    registry
        .counter(
            ENDED,
            "role",
            transfer.role().word(),
            "outcome",
            transfer
                .state()
                .outcome()
                .name()
                .substring("TRANSFER_OUTCOME_".length())
                .toLowerCase(Locale.ROOT))
        .increment();
  }

  void recovered() {
    registry.counter(RECOVERED).increment();
  }

  void disputed() {
    registry.counter(DISPUTED).increment();
  }

  void answered(MessageType request) {
    registry.counter(ANSWERED, "message", request.name().toLowerCase(Locale.ROOT)).increment();
  }

  void refused(ErrorReason reason) {
    registry
        .counter(REFUSED, "reason", reason.name().substring("ERROR_REASON_".length()))
        .increment();
  }
}
