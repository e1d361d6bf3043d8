package org.odap.ledger.fabric;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.hyperledger.fabric.client.GatewayException;
import org.odap.ledger.fabric.assets.AssetChaincode;
import org.odap.ledger.fabric.network.Failure;
import org.odap.ledger.fabric.network.Failures;
import org.odap.ledger.fabric.network.Peer;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;

/**
 * Asks the chaincode through the peer before the adapter serves, tells readiness while it does, and
 * looks for renewed certificates and keys.
 */
final class PeerWatch implements Part {
  /** Services come up in any order: the peer has this long to answer. */
  private static final Duration START_WITHIN = Duration.ofSeconds(30);

  private static final Duration START_PAUSE = Duration.ofMillis(200);
  private static final Duration CHECK_EVERY = Duration.ofSeconds(5);

  private final Peer peer;
  private final AssetChaincode chaincode;
  private final ServiceHealth.Condition condition;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread watcher = Thread.ofVirtual().name("peer-watch").unstarted(this::watch);

  PeerWatch(Peer peer, AssetChaincode chaincode, ServiceHealth health) {
    this.peer = peer;
    this.chaincode = chaincode;
    this.condition = health.condition("fabric-peer");
  }

  @Override
  public String name() {
    return "fabric-peer";
  }

  @Override
  public void start() throws InterruptedException {
    long deadline = System.nanoTime() + START_WITHIN.toNanos();
    Optional<Failure> failure = failure();
    while (failure.isPresent()) {
      boolean isHopeless =
          failure.get().kind() != Failure.Kind.TRY_AGAIN || System.nanoTime() > deadline;
      if (isHopeless) {
        throw new IllegalStateException(failure.get().words());
      }
      boolean _ = stopped.await(START_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      failure = failure();
    }
    condition.met();
    watcher.start();
  }

  @Override
  public void stop(Duration limit) throws InterruptedException {
    stopped.countDown();
    watcher.join(limit);
  }

  private void watch() {
    try {
      while (!stopped.await(CHECK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        boolean _ = peer.reloadIfChanged();
        failure().ifPresentOrElse(failure -> condition.unmet(failure.words()), condition::met);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<Failure> failure() {
    try {
      long _ = chaincode.time();
      return Optional.empty();
    } catch (GatewayException e) {
      return Optional.of(Failures.of(e));
    }
  }
}
