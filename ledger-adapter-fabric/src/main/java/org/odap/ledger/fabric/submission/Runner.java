package org.odap.ledger.fabric.submission;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.odap.ledger.fabric.network.Peer;
import org.odap.runtime.ledger.StepWait;

/**
 * Carries orders out: callers that ask for the same order share one run, which goes on when they
 * stop waiting. What it holds in memory only spares transactions; the ledger knows the rest.
 */
public final class Runner implements AutoCloseable {
  private final Peer peer;
  private final Duration waitAtMost;
  private final SubmissionCounts counts = new SubmissionCounts();
  private final ConcurrentMap<Order, Run> runs = new ConcurrentHashMap<>();

  /**
   * @param waitAtMost after this long a call is answered, if the caller has no nearer deadline
   */
  public Runner(Peer peer, Duration waitAtMost) {
    this.peer = peer;
    this.waitAtMost = waitAtMost;
  }

  /** What became of the order, or how far it is when the caller's deadline is near. */
  public Carried carryOut(Order order) {
    // A run that has its outcome is history: what it was refused for may have changed since.
    Run run =
        runs.compute(
            order,
            (_, running) ->
                Optional.ofNullable(running).filter(Run::isUnderWay).orElseGet(() -> start(order)));
    return StepWait.await(run.outcome(), waitAtMost, run::soFar);
  }

  /** Whether a transaction of this id was handed in by a run that still follows it. */
  public boolean isUnderWay(String transactionId) {
    return runs.values().stream()
        .anyMatch(run -> run.transaction().equals(Optional.of(transactionId)));
  }

  /** Orders that have no outcome yet. */
  public int underWayCount() {
    return runs.size();
  }

  /** What happened to transactions since the start. */
  public SubmissionCounts counts() {
    return counts;
  }

  @Override
  public void close() {
    runs.values().forEach(Run::breakOff);
  }

  private Run start(Order order) {
    Run run = new Run(order, peer, counts);
    run.start(() -> runs.remove(order, run));
    return run;
  }
}
