package org.odap.ledger.fabric.submission;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.client.CommitStatusException;
import org.hyperledger.fabric.client.EndorseException;
import org.hyperledger.fabric.client.Status;
import org.hyperledger.fabric.client.SubmitException;
import org.hyperledger.fabric.protos.peer.TxValidationCode;
import org.odap.api.common.v1.ErrorReason;
import org.odap.ledger.fabric.network.Endorsed;
import org.odap.ledger.fabric.network.Failure;
import org.odap.ledger.fabric.network.Failures;
import org.odap.ledger.fabric.network.Peer;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One order on its way, by one thread: propose, have it endorsed, hand it in, ask for its block.
 *
 * <p>An orderer's word that it has taken a transaction is worth nothing if it dies, and no word
 * from it may mean that it has. So the ledger is asked by the transaction's id, and as long as it
 * knows none, the same bytes are handed in again: of those any number may be ordered, one counts.
 */
final class Run {
  private static final Logger log = LoggerFactory.getLogger(Run.class);

  /**
   * How long a run goes on without an end in sight. Its gateway asks again long before, and then
   * another one begins.
   */
  private static final Duration AT_MOST = Duration.ofMinutes(10);

  /** How often endorsement is tried, with nothing handed in: the caller repeats sooner or later. */
  private static final int ENDORSEMENTS_MAX = 4;

  /**
   * How often others may come first. Each time one of them got ahead in a block, so with fewer
   * contenders than this everybody gets through.
   */
  private static final int INVALID_MAX = 32;

  private static final Duration PAUSE_FIRST = Duration.ofMillis(50);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(1);

  /** Where the orderer has not said that it took the transaction, a block of it is less likely. */
  private static final Duration UNACKNOWLEDGED_WAIT = Duration.ofSeconds(1);

  private final Order order;
  private final Peer peer;
  private final SubmissionCounts counts;
  private final CompletableFuture<Carried> outcome = new CompletableFuture<>();
  private final CountDownLatch brokenOff = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("fabric-order").unstarted(this::follow);
  private final long endNanos = System.nanoTime() + AT_MOST.toNanos();

  // Written by the run's own thread; whoever waits for the outcome reads them.
  private volatile Optional<String> underWay = Optional.empty();
  private volatile Optional<Failure> trouble = Optional.empty();

  /**
   * A transaction that changed nothing.
   *
   * @param isEarlier whether another run made it, under conditions that may have changed since
   */
  private record Invalid(TxValidationCode code, boolean isEarlier) {}

  Run(Order order, Peer peer, SubmissionCounts counts) {
    this.order = order;
    this.peer = peer;
    this.counts = counts;
  }

  CompletableFuture<Carried> outcome() {
    return outcome;
  }

  /** Begins; tells when the run is over, whatever came of it. */
  void start(Runnable whenOver) {
    var _ = outcome.whenComplete((_, _) -> whenOver.run());
    thread.start();
  }

  /** Ends the run without an outcome: the adapter stops, the ledger remembers what was done. */
  void breakOff() {
    brokenOff.countDown();
  }

  boolean isUnderWay() {
    return !outcome.isDone();
  }

  /** The transaction that was handed in and is not decided on yet. */
  Optional<String> transaction() {
    return underWay;
  }

  /** The answer for a caller that waits no longer. */
  Carried soFar() {
    return underWay
        .<Carried>map(Carried.UnderWay::new)
        .orElseThrow(() ->
            new OdapException(
                ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE,
                trouble.map(Failure::words).orElse("the Fabric network is slow to answer")));
  }

  private void follow() {
    try {
      carryOut();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError().setCause(e).log("A transaction's run broke off");
      outcome.completeExceptionally(e);
    }
    // Does nothing where there is an outcome.
    outcome.completeExceptionally(
        new OdapException(
            ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN,
            trouble.map(Failure::words).orElse("the transaction was not followed to its end")));
  }

  private void carryOut() throws InterruptedException {
    int invalid = 0;
    while (isUnderWay() && goesOn()) {
      Optional<Invalid> verdict = decided(invalid);
      underWay = Optional.empty();
      if (verdict.isEmpty()) {
        return;
      }
      Failure failure = Failures.of(verdict.get().code());
      invalid++;
      counts.invalid();
      boolean mayPass = verdict.get().isEarlier() || failure.kind() == Failure.Kind.TRY_AGAIN;
      if (!mayPass || !order.isRenewable() || invalid >= INVALID_MAX) {
        outcome.completeExceptionally(new OdapException(failure.reason(), failure.words()));
        return;
      }
      trouble = Optional.of(failure);
      pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(PAUSE_FIRST.toMillis() + 1)));
    }
  }

  /** Endorses and delivers once; empty where there is an end. */
  private Optional<Invalid> decided(int attempt) throws InterruptedException {
    Optional<Endorsed> endorsed = endorsed(attempt);
    String transactionId;
    if (endorsed.isPresent()) {
      Optional<String> before = order.doneBefore(endorsed.get());
      if (before.isPresent() && !endorsed.get().changesAnything()) {
        // A repeat: the chaincode told what was done, and there is nothing to add.
        outcome.complete(new Carried.Done(before.get(), OptionalLong.empty()));
        return Optional.empty();
      }
      transactionId = endorsed.get().transactionId();
    } else if (underWay.isPresent()) {
      transactionId = underWay.get();
    } else {
      return Optional.empty();
    }
    Optional<Status> status = delivered(transactionId, endorsed);
    if (status.isPresent() && status.get().isSuccessful()) {
      String doer = endorsed.flatMap(order::doneBefore).orElse(transactionId);
      outcome.complete(
          new Carried.Done(
              doer,
              doer.equals(transactionId)
                  ? OptionalLong.of(status.get().getBlockNumber())
                  : OptionalLong.empty()));
      return Optional.empty();
    }
    return status.map(decided -> new Invalid(decided.getCode(), endorsed.isEmpty()));
  }

  private Optional<Endorsed> endorsed(int attempt) throws InterruptedException {
    Duration wait = PAUSE_FIRST;
    for (int endorsement = 1; goesOn(); endorsement++) {
      try {
        return Optional.of(order.endorse(peer, attempt));
      } catch (EndorseException e) {
        Failure failure = Failures.of(e);
        trouble = Optional.of(failure);
        Optional<String> fixed = order.fixedTransactionId(peer, attempt);
        if (failure.kind() == Failure.Kind.REFUSED) {
          outcome.complete(new Carried.Refused(failure.words()));
          return Optional.empty();
        }
        if (failure.kind() == Failure.Kind.UNKNOWN && fixed.isPresent()) {
          // It is on the ledger: only whether it was valid is left to ask.
          underWay = fixed;
          return Optional.empty();
        }
        if (failure.kind() == Failure.Kind.PERMANENT || endorsement >= ENDORSEMENTS_MAX) {
          outcome.completeExceptionally(failure.exception(e));
          return Optional.empty();
        }
      }
      wait = pause(wait);
    }
    return Optional.empty();
  }

  /** Hands the same bytes in until the ledger has decided on them. */
  private Optional<Status> delivered(String transactionId, Optional<Endorsed> endorsed)
      throws InterruptedException {
    underWay = Optional.of(transactionId);
    Duration wait = PAUSE_FIRST;
    for (int submission = 1; goesOn(); submission++) {
      boolean isAcknowledged = endorsed.isEmpty() || submitted(endorsed.get(), submission);
      try {
        Status status =
            peer.status(transactionId, isAcknowledged ? peer.commitTimeout() : UNACKNOWLEDGED_WAIT);
        trouble = Optional.empty();
        return Optional.of(status);
      } catch (CommitStatusException e) {
        note(Failures.of(e), transactionId, submission);
      }
      wait = pause(wait);
    }
    return Optional.empty();
  }

  private boolean submitted(Endorsed endorsed, int submission) {
    if (submission > 1) {
      counts.resubmitted();
    }
    try {
      peer.submit(endorsed);
      return true;
    } catch (SubmitException e) {
      note(Failures.of(e), endorsed.transactionId(), submission);
      return false;
    }
  }

  private void note(Failure failure, String transactionId, int submission) {
    trouble = Optional.of(failure);
    if (submission == 1) {
      log.atWarn()
          .addKeyValue("transaction", transactionId)
          .addKeyValue("cause", failure.words())
          .log("It is not known whether a transaction was ordered: asking and handing it in again");
    }
  }

  private boolean goesOn() {
    return System.nanoTime() - endNanos < 0 && brokenOff.getCount() > 0;
  }

  private Duration pause(Duration time) throws InterruptedException {
    boolean _ = brokenOff.await(time.toMillis(), TimeUnit.MILLISECONDS);
    Duration longer = time.multipliedBy(2);
    return longer.compareTo(PAUSE_MAX) < 0 ? longer : PAUSE_MAX;
  }
}
