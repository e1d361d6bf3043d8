package org.odap.gateway.driver;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.core.envelope.MessageType;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.Transfer;
import org.odap.runtime.metrics.ServiceMetrics;
import org.odap.runtime.rpc.OdapErrors;
import org.odap.runtime.rpc.OdapException;

/** The driver's metrics; all their names are here, but for those of {@link TransferCensus}. */
public final class DriverMetrics {
  private static final String ENDED = "odap.gateway.transfers.ended";
  private static final String RECOVERED = "odap.gateway.transfers.recovered";
  private static final String DISPUTED = "odap.gateway.transfers.disputed";
  private static final String TROUBLED = "odap.gateway.transfers.troubled";
  private static final String FAILED = "odap.gateway.effects.failed";
  private static final String ANSWERED = "odap.gateway.messages.answered";
  private static final String REFUSED = "odap.gateway.messages.refused";
  private static final String MESSAGE = "odap.gateway.message";
  private static final String LEDGER_STEP = "odap.gateway.ledger.step";
  private static final String LOG_APPEND = "odap.gateway.log.append";
  private static final String LEASE_CHANGES = "odap.gateway.lease.changes";
  private static final String DONE = "done";

  private final MeterRegistry registry;
  private final Predicate<String> isPeer;

  /**
   * Metrics in a registry.
   *
   * @param isPeer whom this gateway deals with, by identity: the others share one label
   */
  public DriverMetrics(MeterRegistry registry, Predicate<String> isPeer) {
    this.registry = registry;
    this.isPeer = isPeer;
    // A counter that first shows up at 1 has not risen, to who watches it: these begin at 0.
    registry.counter(RECOVERED);
    registry.counter(DISPUTED);
    registry.counter(LEASE_CHANGES, "change", "taken");
    registry.counter(LEASE_CHANGES, "change", "lost");
  }

  /** What the replica tries without success now. */
  void watch(IntSupplier troubled) {
    Gauge.builder(TROUBLED, troubled, IntSupplier::getAsInt)
        .description("Transfers that run on this replica and try something without success")
        .strongReference(true)
        .register(registry);
  }

  /** The other gateway of a transfer, as a label: "other" when it is none of the peers now. */
  String counterparty(Transfer transfer) {
    String peer = transfer.session().peerIdentity();
    return peer.equals(transfer.session().ownIdentity()) || isPeer.test(peer) ? peer : "other";
  }

  MeterRegistry registry() {
    return registry;
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
            OdapErrors.name(reason))
        .increment();
  }

  void ended(Transfer transfer) {
    registry
        .counter(
            ENDED,
            "role",
            transfer.role().word(),
            "outcome",
            word(transfer.state().outcome(), "TRANSFER_OUTCOME_"),
            "counterparty",
            counterparty(transfer))
        .increment();
  }

  void recovered() {
    registry.counter(RECOVERED).increment();
  }

  void disputed() {
    registry.counter(DISPUTED).increment();
  }

  void answered(MessageType request) {
    registry.counter(ANSWERED, "message", word(request, "")).increment();
  }

  void refused(ErrorReason reason) {
    registry.counter(REFUSED, "reason", OdapErrors.name(reason)).increment();
  }

  /** Times a message from its sending to the peer's answer. */
  <T> T message(MessageType request, Supplier<T> sending) {
    return timed(
        MESSAGE,
        "Time from the sending of a message to the peer's answer",
        Tags.of("message", word(request, "")),
        sending,
        answer -> DONE);
  }

  /** Times an effect on a ledger from its order to its finality, or to what went wrong. */
  StepOutcome ledgerStep(Effect.PerformStep effect, Supplier<StepOutcome> performing) {
    return timed(
        LEDGER_STEP,
        "Time from the order of a ledger step to its finality",
        Tags.of("ledger", effect.dlt(), "step", word(effect.step(), "LEDGER_STEP_")),
        performing,
        outcome ->
            switch (outcome.getState()) {
              case SUBMISSION_STATE_DONE -> DONE;
              case SUBMISSION_STATE_FAILED -> OdapErrors.name(outcome.getReason());
              default -> "given_up";
            });
  }

  /** Times an append until it is on disk. */
  void logAppend(Runnable appending) {
    var _ =
        timed(
            LOG_APPEND,
            "Time until entries are durable in the log service",
            Tags.empty(),
            () -> {
              appending.run();
              return DONE;
            },
            outcome -> outcome);
  }

  /** A lease was taken or lost. */
  void leaseChanged(String change) {
    registry.counter(LEASE_CHANGES, "change", change).increment();
  }

  private <T> T timed(
      String name, String description, Tags tags, Supplier<T> act, Function<T, String> word) {
    long start = System.nanoTime();
    String outcome = "failed";
    try {
      T result = act.get();
      outcome = word.apply(result);
      return result;
    } catch (OdapException e) {
      outcome = OdapErrors.name(e.reason());
      throw e;
    } finally {
      ServiceMetrics.timer(name, description)
          .tags(tags.and("outcome", outcome))
          .register(registry)
          .record(Duration.ofNanos(System.nanoTime() - start));
    }
  }

  private static String word(Enum<?> value, String prefix) {
    return value.name().substring(prefix.length()).toLowerCase(Locale.ROOT);
  }
}
