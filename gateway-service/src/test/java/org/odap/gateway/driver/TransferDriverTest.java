package org.odap.gateway.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.log.v1.LogEntry;
import org.odap.core.session.Role;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Transfer;
import org.odap.gateway.peer.Peers;
import org.odap.runtime.rpc.OdapException;

/** A replica over a log service that fails it: what becomes of its transfers. */
@Timeout(30)
class TransferDriverTest {
  private final FakeLogService service = new FakeLogService();
  private final TransferDriver driver =
      SampleDriver.of(
          SampleOrder.SENDER,
          SampleOrder.SIGNER,
          service,
          new Peers(List.of()),
          new SampleOrder.Unasked());
  private final String session = SampleOrder.newSession();
  private boolean stopped;

  @BeforeEach
  void start() throws InterruptedException {
    driver.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (!stopped) {
      driver.stop(Duration.ofSeconds(5));
    }
    service.close();
  }

  private Transfer order() {
    return driver.order(SampleOrder.order(), session, SampleOrder.RECIPIENT);
  }

  /** The order names a peer that nobody knows here any more: that is what it meets at once. */
  @Test
  @Tag("2PC-6")
  void orderThatWasStoredAndNotAnsweredIsGoneOnWithThoughNobodyRepeatsIt() {
    service.loseNextWriteAnswer();

    OdapException failure = catchThrowableOfType(OdapException.class, this::order);

    assertThat(failure.reason()).isEqualTo(ErrorReason.ERROR_REASON_LOG_UNAVAILABLE);
    assertThat(service.entries(Role.SENDER.logId(session))).isNotEmpty();
    Optional<Trouble> met = Optional.empty();
    while (met.isEmpty() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(1_000_000);
      met = driver.transfers().stream().flatMap(one -> driver.trouble(one).stream()).findFirst();
    }
    assertThat(met.orElseThrow().reason()).isEqualTo(ErrorReason.ERROR_REASON_PEER_UNKNOWN);
  }

  /** Nor may it take anything in between: nobody knows whether the log says that it goes on. */
  @Test
  @Tag("2PC-6")
  void transferWhoseTakingUpWasStoredAndNotAnsweredIsTakenUpAgain() throws InterruptedException {
    List<LogEntry> entries = SampleOrder.log(session);
    String logId = Role.SENDER.logId(session);
    service.await("watch", 1);
    service.loseNextWriteAnswer();

    service.leave(logId, entries);

    Optional<Transfer> canceled = Optional.empty();
    while (canceled.isEmpty() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(1_000_000);
      canceled = cancel();
    }
    assertThat(canceled.orElseThrow().head().length()).isEqualTo(service.entries(logId).size());
    assertThat(service.entries(logId)).hasSizeGreaterThan(entries.size() + 1);
  }

  private Optional<Transfer> cancel() {
    try {
      return Optional.of(
          driver.submit(session, Optional.empty(), new Input.Canceled("somebody", "too slow")));
    } catch (OdapException e) {
      return Optional.empty();
    }
  }

  @Test
  @Tag("2PC-7")
  void transferOfAnotherReplicaIsShownAndTakesNoOrders() {
    List<LogEntry> entries = SampleOrder.log(session);
    service.keepElsewhere(Role.SENDER.logId(session), entries);

    assertThat(driver.transfer(session, Optional.empty()).head().length())
        .isEqualTo(entries.size());
    OdapException refusal =
        catchThrowableOfType(
            OdapException.class,
            () ->
                driver.submit(
                    session, Optional.empty(), new Input.Canceled("somebody", "too slow")));
    assertThat(refusal.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    OdapException repeated = catchThrowableOfType(OdapException.class, this::order);
    assertThat(repeated.reason()).isEqualTo(ErrorReason.ERROR_REASON_UNAVAILABLE);
    assertThat(service.entries(Role.SENDER.logId(session))).isEqualTo(entries);
    assertThat(driver.transfers()).isEmpty();
  }

  /** Else a watcher at this replica would hear of each step only when its time is over. */
  @Test
  @Tag("OURS-8")
  void newsOfATransferOfAnotherReplicaDoNotWaitForTheLimit() {
    List<LogEntry> entries = SampleOrder.log(session);
    service.keepElsewhere(Role.SENDER.logId(session), entries);

    assertThat(driver.entries(session, Optional.empty(), entries.size() + 1, Duration.ofMinutes(1)))
        .isEmpty();
    assertThat(driver.entries(session, Optional.empty(), 1, Duration.ofMinutes(1)))
        .isEqualTo(entries);
  }

  @Test
  @Tag("2PC-7")
  void stopGivesTheLeaseBackAfterTheLastHeartbeat() throws InterruptedException {
    service.await("renew 1", 2);

    driver.stop(Duration.ofSeconds(5));
    stopped = true;

    assertThat(service.events()).endsWith("release 1").containsOnlyOnce("release 1");
  }
}
