package org.odap.ledger.ethereum.step;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.ethereum.escrow.TransferId;
import org.odap.ledger.ethereum.submission.Outbox;
import org.odap.runtime.ledger.StepWait;

/**
 * Carries orders out: callers that ask for the same order share one run, which goes on when they
 * stop waiting. What it holds in memory only spares transactions; the ledger knows the rest.
 */
final class StepRunner implements AutoCloseable {
  private final EscrowView view;
  private final Outbox outbox;
  private final Settlement settlement;
  private final Duration pollEvery;
  private final Duration waitAtMost;
  private final LongAdder takenBack = new LongAdder();
  private final ConcurrentMap<Order, StepRun> runs = new ConcurrentHashMap<>();

  StepRunner(
      EscrowView view,
      Outbox outbox,
      Settlement settlement,
      Duration pollEvery,
      Duration waitAtMost) {
    this.view = view;
    this.outbox = outbox;
    this.settlement = settlement;
    this.pollEvery = pollEvery;
    this.waitAtMost = waitAtMost;
  }

  /** The order's outcome, or how far it is when the caller's deadline is near. */
  StepOutcome carryOut(Order order) {
    // A run that has its outcome is history: what it was refused for may have changed since.
    StepRun run =
        runs.compute(
            order,
            (_, running) ->
                Optional.ofNullable(running)
                    .filter(StepRun::isUnderWay)
                    .orElseGet(() -> start(order)));
    return StepWait.await(run.outcome(), waitAtMost, run::soFar);
  }

  /** How far a step is that was sent and is not seen on the chain yet. */
  Optional<StepOutcome> underWay(TransferId id, LedgerStep step) {
    return runs.values().stream()
        .filter(run ->
            run.isUnderWay()
                && run.isSent()
                && run.order() instanceof TransferStep running
                && running.id().equals(id)
                && running.step() == step)
        .map(StepRun::soFar)
        .findFirst();
  }

  /** How often a reorganization took a step back before it was final, since the start. */
  long takenBackCount() {
    return takenBack.sum();
  }

  @Override
  public void close() {
    runs.values().forEach(StepRun::breakOff);
  }

  private StepRun start(Order order) {
    StepRun run = new StepRun(order, view, outbox, settlement, pollEvery, takenBack);
    run.start(() -> runs.remove(order, run));
    return run;
  }
}
