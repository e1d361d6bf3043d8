package org.odap.gateway.driver;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.odap.core.session.Role;
import org.odap.core.transfer.Transfer;

/** What a replica's transfers are counted as. */
@Tag("CARD-6")
class TransferCensusTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicLong now = new AtomicLong(System.currentTimeMillis());
  private final Clock clock =
      ((InstantSource) () -> Instant.ofEpochMilli(now.get())).withZone(ZoneOffset.UTC);
  private final List<Transfer> running = new ArrayList<>();
  private final MemoryLog log = new MemoryLog();

  private TransferCensus census(boolean isPeer) {
    return new TransferCensus(() -> running, new DriverMetrics(registry, any -> isPeer), clock);
  }

  private Transfer ordered() {
    RunningTransfer transfer =
        log.transfers().registered(Role.SENDER, SampleOrder.frame(SampleOrder.newSession()));
    var _ = transfer.submit(SampleOrder.order());
    return transfer.transfer();
  }

  private double running(String counterparty) {
    return registry
        .get("odap.gateway.transfers.running")
        .tags("role", "sender", "phase", "initiation", "counterparty", counterparty)
        .gauge()
        .value();
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  @Test
  void transfersAreCountedByPhaseAndCounterpartyAndARowThatEmptiesIsZero() {
    TransferCensus census = census(true);
    Transfer transfer = ordered();
    running.add(transfer);
    census.saw(transfer);
    assertThat(running(SampleOrder.RECIPIENT)).isEqualTo(1);

    running.clear();
    now.addAndGet(1_000);
    assertThat(running(SampleOrder.RECIPIENT)).isZero();
  }

  @Test
  void strangersShareALabel() {
    TransferCensus census = census(false);
    Transfer transfer = ordered();
    running.add(transfer);
    census.saw(transfer);
    assertThat(running("other")).isEqualTo(1);
  }

  @Test
  void oldestIsAsOldAsItsFirstEntryAndWithoutALockThereIsNoHeadroom() {
    TransferCensus _ = census(true);
    assertThat(gauge("odap.gateway.transfers.oldest")).isZero();
    Transfer transfer = ordered();
    running.add(transfer);
    now.set(transfer.startedAt() + 5_000);
    assertThat(gauge("odap.gateway.transfers.oldest")).isEqualTo(5);
    assertThat(gauge("odap.gateway.lock.expiry.headroom")).isNaN();
  }
}
