package org.odap.ledger.ethereum;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.odap.ledger.ethereum.chain.Address;
import org.odap.ledger.ethereum.chain.Chain;
import org.odap.ledger.ethereum.chain.ChainRefusedException;
import org.odap.ledger.ethereum.chain.ChainUnavailableException;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;

/** Checks the node before the adapter serves, and tells readiness while it does. */
final class NodeWatch implements Part {
  /** Services come up in any order: the node has this long to answer. */
  private static final Duration START_WITHIN = Duration.ofSeconds(30);

  private static final Duration START_PAUSE = Duration.ofMillis(200);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(5);

  private final Chain chain;
  private final long chainId;
  private final Address escrow;
  private final ServiceHealth.Condition condition;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread watcher = Thread.ofVirtual().name("node-watch").unstarted(this::watch);

  NodeWatch(Chain chain, long chainId, Address escrow, ServiceHealth health) {
    this.chain = chain;
    this.chainId = chainId;
    this.escrow = escrow;
    this.condition = health.condition("ethereum-node");
  }

  @Override
  public String name() {
    return "ethereum-node";
  }

  @Override
  public void start() throws InterruptedException {
    awaitNode();
    long actual = chain.chainId();
    if (actual != chainId) {
      throw new IllegalStateException(
          "chain-id: value: " + actual + " (expected: " + chainId + ")");
    }
    if (chain.code(escrow.text()).length() <= "0x".length()) {
      throw new IllegalStateException("escrow: no contract at " + escrow);
    }
    condition.met();
    watcher.start();
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    stopped.countDown();
    watcher.join(limit);
  }

  private void awaitNode() throws InterruptedException {
    long deadline = System.nanoTime() + START_WITHIN.toNanos();
    while (true) {
      try {
        long _ = chain.blockNumber();
        return;
      } catch (ChainUnavailableException e) {
        if (System.nanoTime() > deadline) {
          throw e;
        }
        boolean _ = stopped.await(START_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      }
    }
  }

  private void watch() {
    try {
      while (!stopped.await(CHECK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() {
    try {
      long _ = chain.blockNumber();
      condition.met();
    } catch (ChainUnavailableException | ChainRefusedException e) {
      condition.unmet(e.getMessage());
    }
  }
}
