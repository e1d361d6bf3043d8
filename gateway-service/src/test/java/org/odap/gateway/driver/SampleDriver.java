package org.odap.gateway.driver;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.odap.core.attestation.Attestation;
import org.odap.core.envelope.Signer;
import org.odap.core.initiation.InitiationPolicy;
import org.odap.core.session.ProofVerifier;
import org.odap.gateway.GatewayConfig.TimingConfig;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.ledger.Ledgers;
import org.odap.gateway.log.FailPoints;
import org.odap.gateway.log.LogClient;
import org.odap.gateway.peer.Peers;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.tracing.Tracing;

/**
 * A replica without ledgers, whose lease wants a heartbeat every tenth of a second. It knows others
 * with its identity where the peers list that.
 */
public final class SampleDriver {
  private SampleDriver() {}

  /**
   * Waits until a replica has put on record that it goes on with a log of so many entries; the
   * test's time-out ends a vain wait.
   */
  static void awaitTakenUp(TransferDriver driver, int entries) {
    while (driver.transfers().stream().noneMatch(one -> one.head().length() > entries)
        && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  static TransferDriver of(
      String identity,
      Signer signer,
      FakeLogService service,
      Peers peers,
      InitiationPolicy policy) {
    return of(identity, signer, service, peers, policy, Admission.OPEN);
  }

  /** A replica that begins what it is let. */
  public static TransferDriver of(
      String identity,
      Signer signer,
      FakeLogService service,
      Peers peers,
      InitiationPolicy policy,
      Admission admission) {
    return new TransferDriver(
        new TransferDriver.Parts(
            new GatewaySelf(identity, signer),
            key -> peers.find(identity).filter(own -> own.keys().knows(key)).isPresent(),
            new LogClient(service.channel(), new FailPoints(Optional.empty())),
            new LeaseKeeper(service.channel(), "replica-1", Duration.ofMillis(300)),
            new Ledgers(List.of()),
            peers,
            policy,
            ProofVerifier.UNVERIFIED,
            Attestation.UNASKED,
            admission,
            UnaryOperator.identity(),
            logId -> {},
            new TimingConfig(
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofMillis(100),
                Duration.ofSeconds(1),
                Duration.ofMinutes(10),
                Duration.ofMinutes(1)),
            1_000,
            WriterNeeds.of(new ServiceHealth()),
            new DriverMetrics(new SimpleMeterRegistry(), peers::isKnown),
            Tracing.OFF,
            Clock.systemUTC()));
  }
}
