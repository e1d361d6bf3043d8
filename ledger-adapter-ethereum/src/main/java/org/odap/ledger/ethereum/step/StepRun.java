package org.odap.ledger.ethereum.step;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.ledger.ethereum.chain.CallMessage;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.chain.ChainUnavailableException;
import org.odap.ledger.ethereum.chain.Receipt;
import org.odap.ledger.ethereum.escrow.EscrowErrors;
import org.odap.ledger.ethereum.submission.Outbox;
import org.odap.ledger.ethereum.submission.Sent;
import org.odap.runtime.ledger.Refusal;
import org.odap.runtime.ledger.StepOutcomes;
import org.odap.runtime.rpc.OdapException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One order on its way, by one thread. Each round looks at the chain as it is now and does what is
 * missing: nothing is concluded from an earlier round, so a reorganization needs no path of its
 * own. Ends with the order's outcome, or when it gives up looking.
 */
final class StepRun {
  private static final Logger log = LoggerFactory.getLogger(StepRun.class);

  /**
   * How long a run goes on without an end in sight. Its gateway asks again long before; a run that
   * nobody asks for must not poll the node for ever.
   */
  private static final Duration LOOK_AT_MOST = Duration.ofHours(6);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(5);

  /** Gas needed can grow between estimate and block, as other transactions change the state. */
  private static final BigInteger GAS_ROOM_PERCENT = BigInteger.valueOf(130);

  private static final BigInteger HUNDRED = BigInteger.valueOf(100);

  /** An order whose transactions keep failing although the node foresees success is given up. */
  private static final int REVERTS_MAX = 3;

  private final Order order;
  private final EscrowView view;
  private final Chain chain;
  private final Outbox outbox;
  private final Settlement settlement;
  private final Duration pollEvery;
  private final LongAdder takenBack;
  private final CompletableFuture<StepOutcome> outcome = new CompletableFuture<>();
  private final CountDownLatch brokenOff = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("ethereum-step").unstarted(this::follow);

  // Written by the run's own thread; whoever waits for the outcome reads them.
  private volatile Optional<Sent> sent = Optional.empty();
  private volatile Optional<LedgerClaim> seen = Optional.empty();
  private volatile Optional<ChainUnavailableException> trouble = Optional.empty();
  private int reverts;

  /**
   * @param takenBack counts reorganizations that took the step back before it was final
   */
  StepRun(
      Order order,
      EscrowView view,
      Outbox outbox,
      Settlement settlement,
      Duration pollEvery,
      LongAdder takenBack) {
    this.order = order;
    this.view = view;
    this.chain = settlement.chain();
    this.outbox = outbox;
    this.settlement = settlement;
    this.pollEvery = pollEvery;
    this.takenBack = takenBack;
  }

  Order order() {
    return order;
  }

  CompletableFuture<StepOutcome> outcome() {
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

  /** Whether there is no outcome yet. */
  boolean isUnderWay() {
    return !outcome.isDone();
  }

  /** Whether a transaction of this run has been handed to the node. */
  boolean isSent() {
    return sent.isPresent();
  }

  /** The answer for a caller that waits no longer. */
  StepOutcome soFar() {
    if (trouble.isPresent()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN,
          "the Ethereum node can't be asked what became of the step",
          trouble.get());
    }
    LedgerClaim claim = seen.orElse(LedgerClaim.getDefaultInstance());
    String handle = sent.map(Sent::hash).orElse(claim.getTransactionId());
    if (handle.isEmpty()) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE, "the Ethereum node is slow to answer");
    }
    return StepOutcomes.submitted(handle, claim);
  }

  private void follow() {
    long endNanos = System.nanoTime() + LOOK_AT_MOST.toNanos();
    Duration pause = FIRST_PAUSE;
    try {
      boolean goesOn = true;
      while (goesOn && System.nanoTime() < endNanos) {
        advance();
        goesOn = isUnderWay() && !brokenOff.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        Duration longer = pause.multipliedBy(2);
        pause = longer.compareTo(pollEvery) < 0 ? longer : pollEvery;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.atError().setCause(e).addKeyValue("step", order.step()).log("A step's run broke off");
      outcome.completeExceptionally(e);
    }
    // Does nothing where there is an outcome.
    outcome.completeExceptionally(
        new OdapException(
            ErrorReason.ERROR_REASON_LEDGER_OUTCOME_UNKNOWN,
            "the step was not followed to its end"));
  }

  private void advance() {
    try {
      round();
      trouble = Optional.empty();
    } catch (ChainUnavailableException e) {
      trouble = Optional.of(e);
      if (sent.isEmpty()) {
        outcome.completeExceptionally(unavailable(e.getMessage(), e));
      }
    } catch (ChainRefusedException e) {
      // Not a contract's word but the node's: no funds for gas, a full pool, a method switched off.
      log.atWarn().addKeyValue("cause", e.getMessage()).log("The Ethereum node refused a request");
      if (sent.isEmpty()) {
        outcome.completeExceptionally(
            unavailable("the Ethereum node refused: " + e.nodeMessage(), e));
      }
    }
  }

  private void round() {
    Optional<Done> done = order.look(view);
    // Asked after looking: where the order is carried out already, the escrow says here whether it
    // was with the same parameters.
    BigInteger gas;
    try {
      gas = chain.estimateGas(message());
    } catch (ChainRefusedException e) {
      Refusal refusal = EscrowErrors.read(order.step(), e).orElseThrow(() -> e);
      outcome.complete(StepOutcomes.refused(refusal));
      return;
    }
    if (done.isPresent()) {
      settlement.settle(done.get()).ifPresent(this::take);
    } else {
      noteIfTakenBack();
      sendIfMissing(gas);
    }
  }

  private void take(LedgerClaim claim) {
    boolean moved =
        seen.map(earlier -> !earlier.getBlockHash().equals(claim.getBlockHash())).orElse(false);
    if (moved) {
      noteReorganization(seen.get());
    }
    seen = Optional.of(claim);
    if (claim.getFinality().getFinal()) {
      outcome.complete(StepOutcomes.done(claim));
    }
  }

  private void noteIfTakenBack() {
    seen.ifPresent(this::noteReorganization);
    seen = Optional.empty();
  }

  private void noteReorganization(LedgerClaim before) {
    takenBack.increment();
    log.atWarn()
        .addKeyValue("transferId", before.getTransferId())
        .addKeyValue("step", before.getStep())
        .addKeyValue("transaction", before.getTransactionId())
        .addKeyValue("blockHash", before.getBlockHash())
        .log("The chain was reorganized and took a step back before it was final");
  }

  private void sendIfMissing(BigInteger gas) {
    if (sent.isPresent() && isOnItsWay(sent.get())) {
      return;
    }
    if (reverts >= REVERTS_MAX) {
      outcome.complete(
          StepOutcomes.refused(
              new Refusal(
                  ErrorReason.ERROR_REASON_LEDGER_REFUSED,
                  "the step's transactions were reverted: " + sent.map(Sent::hash).orElse(""))));
      return;
    }
    BigInteger gasLimit = gas.multiply(GAS_ROOM_PERCENT).divide(HUNDRED);
    sent = Optional.of(outbox.send(view.escrow().address(), order.data(), gasLimit));
  }

  /** Whether waiting is enough: the transaction has its block, or is still looked after. */
  private boolean isOnItsWay(Sent transaction) {
    Optional<Receipt> receipt =
        transaction.hashes().stream().map(chain::receipt).flatMap(Optional::stream).findFirst();
    if (receipt.isPresent() && !receipt.get().succeeded()) {
      reverts++;
    }
    return receipt
        .map(Receipt::succeeded)
        .orElseGet(() -> outbox.isWaiting(transaction) || outbox.isKnown(transaction));
  }

  private CallMessage message() {
    return new CallMessage(outbox.account().text(), view.escrow().address().text(), order.data());
  }

  private static OdapException unavailable(String description, RuntimeException cause) {
    return new OdapException(ErrorReason.ERROR_REASON_LEDGER_UNAVAILABLE, description, cause);
  }
}
