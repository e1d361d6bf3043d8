package org.odap.gateway.driver;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.odap.core.session.Role;
import org.odap.core.session.Timing;
import org.odap.core.transfer.Effect;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.runtime.rpc.OdapException;
import org.odap.runtime.tracing.Tracing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts what a transfer waits for, once it has changed, and wakes it when time matters.
 *
 * <p>Mutable: the effects being performed, each once a transfer, and one wake-up a transfer.
 */
final class EffectScheduler {
  private static final Logger log = LoggerFactory.getLogger(EffectScheduler.class);

  private final Transfers transfers;
  private final DriverThreads threads;
  private final EffectRunner.Links links;
  private final Function<Transfer, Timing> timing;
  private final Duration tickPause;
  private final Tracing tracing;
  private final DriverMetrics metrics;
  private final TransferCensus census;
  private final Map<RunningTransfer, Set<Effect>> inFlight = new ConcurrentHashMap<>();
  private final Map<RunningTransfer, Future<?>> wakeUps = new ConcurrentHashMap<>();

  /**
   * Nothing is scheduled yet.
   *
   * @param tickPause after a wake-up that changed nothing
   */
  EffectScheduler(
      Transfers transfers,
      DriverThreads threads,
      EffectRunner.Links links,
      Function<Transfer, Timing> timing,
      Duration tickPause,
      Tracing tracing) {
    this.transfers = transfers;
    this.threads = threads;
    this.links = links;
    this.timing = timing;
    this.tickPause = tickPause;
    this.tracing = tracing;
    this.metrics = links.metrics();
    this.census = new TransferCensus(transfers::running, metrics, links.clock());
  }

  /** After a change: starts the effects that are waited for and sets the next wake-up. */
  void goOn(RunningTransfer transfer) {
    Transfer now = transfer.transfer();
    (now.state().ended() ? log.atInfo() : log.atDebug())
        .addKeyValue("transfer", now.logId())
        .addKeyValue("state", now.state())
        .addKeyValue("entries", now.head().length())
        .log("transfer went on");
    Optional.ofNullable(wakeUps.remove(transfer)).ifPresent(wakeUp -> wakeUp.cancel(false));
    transfers.file(transfer);
    if (now.state().ended()) {
      inFlight.remove(transfer);
      metrics.ended(now);
      tellEnd(now);
      return;
    }
    census.saw(now);
    if (now.disputed()) {
      tellDispute(now);
    }
    Set<Effect> busy = inFlight.computeIfAbsent(transfer, any -> ConcurrentHashMap.newKeySet());
    for (Effect effect : TransferMachine.pending(now)) {
      if (busy.add(effect)) {
        threads.now(() -> tracing.work(now.id()).run(() -> perform(transfer, effect, busy)));
      }
    }
    wakeAt(transfer, TransferMachine.nextTick(now, timing.apply(now)));
  }

  /** The transfer's first span: the sender's gateway tells it, so that there is one. */
  private void tellEnd(Transfer transfer) {
    if (transfer.role() == Role.SENDER) {
      tracing.ended(
          transfer.id(),
          transfer.state().name().toLowerCase(Locale.ROOT),
          transfer.startedAt(),
          transfer.updatedAt());
    }
  }

  private void tellDispute(Transfer transfer) {
    metrics.disputed();
    log.atError()
        .addKeyValue("transfer", transfer.logId())
        .addKeyValue("peer", transfer.session().peerIdentity())
        .addKeyValue(
            "description", transfer.session().recovery().dispute().orElseThrow().getDescription())
        .log("logs disagree, nothing is done until an operator resolves the transfer");
  }

  private void perform(RunningTransfer transfer, Effect effect, Set<Effect> busy) {
    try {
      new EffectRunner(transfer, effect, links).run();
    } catch (RuntimeException e) {
      // A bug or a broken invariant: the transfer stops here with its log as it is, and an operator
      // looks.
      log.atError()
          .addKeyValue("transfer", transfer.transfer().logId())
          .setCause(e)
          .log("transfer stopped");
      transfer.halt();
    } finally {
      busy.remove(effect);
    }
  }

  private void wakeAt(RunningTransfer transfer, OptionalLong instant) {
    if (instant.isPresent()) {
      long millis = Math.max(1, instant.getAsLong() - links.clock().millis());
      wakeUps.put(
          transfer,
          threads.after(
              Duration.ofMillis(millis),
              () -> tracing.work(transfer.transfer().id()).run(() -> tick(transfer))));
    }
  }

  private void tick(RunningTransfer transfer) {
    if (transfer.halted()) {
      wakeUps.remove(transfer);
      inFlight.remove(transfer);
      return;
    }
    try {
      if (!(transfer.submit(new Input.Tick()) instanceof Step.Ignored)) {
        return;
      }
    } catch (OdapException e) {
      log.atDebug().addKeyValue("transfer", transfer.transfer().logId()).log("tick not taken");
    }
    wakeAt(transfer, OptionalLong.of(links.clock().millis() + tickPause.toMillis()));
  }
}
