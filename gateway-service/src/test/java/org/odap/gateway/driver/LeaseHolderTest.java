package org.odap.gateway.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.session.Role;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.log.FailPoints;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.rpc.OdapException;

/** Which logs a replica goes on with, and when it stops (recovery-01 4.2). */
@Timeout(30)
class LeaseHolderTest {
  private static final Duration PROMPT = Duration.ofMillis(300);

  /** Heartbeats that no test lives to see. */
  private static final Duration NEVER = Duration.ofHours(1);

  private final FakeLogService service = new FakeLogService();
  private final ServiceHealth health = new ServiceHealth();
  private final DriverThreads threads = new DriverThreads();
  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<String> recovered = new LinkedBlockingQueue<>();
  private final List<LeaseHolder> holders = new ArrayList<>();
  private final String session = SampleOrder.newSession();
  private final String logId = Role.SENDER.logId(session);
  private final List<LogEntry> first = SampleOrder.log(session);

  private LeaseHolder holder(Duration leaseDuration) {
    LeaseHolder holder =
        new LeaseHolder(
            new LeaseKeeper(service.channel(), "replica-1", leaseDuration),
            new LogClient(service.channel(), new FailPoints(Optional.empty())),
            threads,
            new LeaseHolder.Driven(
                running::contains,
                (id, epoch) -> recovered.add(id + " under " + epoch),
                () -> service.note("stop")),
            WriterNeeds.of(health),
            new DriverMetrics(new SimpleMeterRegistry(), any -> true));
    holders.add(holder);
    return holder;
  }

  @AfterEach
  void stop() throws InterruptedException {
    holders.forEach(LeaseHolder::endWatch);
    threads.stop(Duration.ofSeconds(5));
    service.close();
  }

  private List<String> leasesAndStops() {
    return service.events().stream()
        .filter(event -> event.startsWith("acquire") || event.equals("stop"))
        .toList();
  }

  private ErrorReason refusal(LeaseHolder holder) {
    return catchThrowableOfType(OdapException.class, () -> holder.append(logId, first, false))
        .reason();
  }

  @Test
  @Tag("2PC-6")
  void logWhoseFirstAppendWasNotAnsweredIsTakenUp() throws InterruptedException {
    LeaseHolder holder = holder(PROMPT);
    holder.takeOver();
    String runs = Role.SENDER.logId(SampleOrder.newSession());
    holder.append(runs, first, false);
    running.add(runs);
    service.loseNextWriteAnswer();

    assertThat(refusal(holder)).isEqualTo(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE);
    holder.keep();

    assertThat(recovered.take()).isEqualTo(logId + " under 1");
    running.add(logId);
    service.await("claim", 4);
    assertThat(recovered).as("what runs is not taken up again").isEmpty();
  }

  @Test
  @Tag("2PC-7")
  void whatRanUnderALostLeaseIsStoppedBeforeANewOneIsTaken() throws InterruptedException {
    LeaseHolder holder = holder(PROMPT);
    holder.takeOver();
    holder.append(logId, first, false);
    running.add(logId);
    holder.keep();

    service.endLease(1);

    assertThat(recovered.take()).isEqualTo(logId + " under 2");
    assertThat(leasesAndStops()).containsExactly("acquire 1", "stop", "acquire 2");
    assertThat(holder.epoch()).isEqualTo(2);
  }

  @Test
  @Tag("2PC-7")
  void refusedAppendTellsThatTheLeaseIsLost() throws InterruptedException {
    LeaseHolder holder = holder(NEVER);
    holder.takeOver();
    service.endLease(1);

    assertThat(refusal(holder)).isEqualTo(ErrorReason.ERROR_REASON_LEASE_LOST);

    service.await("acquire 2", 1);
    assertThat(leasesAndStops()).containsExactly("acquire 1", "stop", "acquire 2");
  }

  @Test
  @Tag("2PC-7")
  void logsWhoseClaimWasNotAnsweredAreTakenUp() throws InterruptedException {
    LeaseHolder holder = holder(PROMPT);
    holder.takeOver();
    service.loseNextClaimAnswer();
    service.leave(logId, first);

    holder.keep();

    assertThat(recovered.take()).isEqualTo(logId + " under 1");
  }

  @Test
  @Tag("2PC-7")
  void logsThatAnotherReplicaLeavesAreTakenUpWithoutWaitingForAHeartbeat()
      throws InterruptedException {
    LeaseHolder holder = holder(NEVER);
    holder.takeOver();
    holder.keep();
    service.await("watch", 1);

    service.leave(logId, first);

    assertThat(recovered.take()).isEqualTo(logId + " under 1");
  }

  @Test
  @Tag("2PC-7")
  void lostLogServiceDoesNotEndAnOrderlyStop() {
    LeaseHolder holder = holder(NEVER);
    holder.takeOver();
    service.close();

    holder.release();

    assertThat(service.events()).doesNotContain("release 1");
  }
}
