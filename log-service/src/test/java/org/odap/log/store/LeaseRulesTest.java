package org.odap.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.odap.log.store.StoreFixture.DURATION_MILLIS;
import static org.odap.log.store.StoreFixture.get;
import static org.odap.log.store.StoreFixture.reason;
import static org.odap.log.store.StoreFixture.value;
import static org.odap.log.store.StoreFixture.writer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.log.entry.LogId;
import org.odap.log.entry.Outcome;
import org.odap.log.lease.Lease;
import org.odap.log.lease.LeaseWatcher;
import org.odap.runtime.identity.Identity;

/** Who may write, and what becomes of a writer that no longer may (recovery-01 4.2). */
@Tag("2PC-7")
class LeaseRulesTest {
  @TempDir Path directory;
  private StoreFixture fixture;

  @BeforeEach
  void open() throws DamagedStoreException {
    fixture = new StoreFixture(directory);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void epochsOnlyGrowEvenOverARestart() throws DamagedStoreException {
    long first = fixture.lease("gateway-1");
    long second = fixture.lease("gateway-2");
    value(get(fixture.store().releaseLease(writer(second))));
    fixture.restart();
    long third = fixture.lease("gateway-1");
    assertThat(List.of(first, second, third)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void aWriterWithoutALeaseIsRefused() {
    Chain chain = Chain.fresh();
    assertThat(reason(fixture.append(17, chain.log(), chain.next(1)))).isEqualTo("LEASE_LOST");
    assertThat(reason(fixture.append(-1, chain.log(), chain.next(1)))).isEqualTo("LEASE_LOST");
  }

  @Test
  void aLeaseWithoutHeartbeatEnds() {
    Chain chain = Chain.fresh();
    long epoch = fixture.lease("gateway-1");
    value(fixture.append(epoch, chain.log(), chain.next(1)));

    fixture.time.passMillis(DURATION_MILLIS);

    assertThat(reason(fixture.append(epoch, chain.log(), chain.next(1)))).isEqualTo("LEASE_LOST");
    assertThat(fixture.store().renewLease(writer(epoch))).isEmpty();
  }

  @Test
  void heartbeatsKeepALeaseAlive() {
    Chain chain = Chain.fresh();
    long epoch = fixture.lease("gateway-1");
    for (int i = 0; i < 5; i++) {
      fixture.time.passMillis(DURATION_MILLIS - 1);
      assertThat(fixture.store().renewLease(writer(epoch)))
          .isEqualTo(OptionalInt.of(DURATION_MILLIS));
    }
    value(fixture.append(epoch, chain.log(), chain.next(1)));
  }

  @Test
  void anEndedLeaseIsNotRevivedByAHeartbeat() {
    long epoch = fixture.lease("gateway-1");
    fixture.time.passMillis(DURATION_MILLIS);
    assertThat(fixture.store().renewLease(writer(epoch))).isEmpty();
    assertThat(fixture.store().renewLease(writer(epoch))).isEmpty();
    assertThat(fixture.store().leaseCount()).isZero();
  }

  @Test
  void aNewLeaseEndsTheHoldersFormerOnes() {
    Chain chain = Chain.fresh();
    long former = fixture.lease("gateway-1");
    long other = fixture.lease("gateway-2");
    value(fixture.append(former, chain.log(), chain.next(1)));

    long newer = fixture.lease("gateway-1");

    assertThat(reason(fixture.append(former, chain.log(), chain.next(1)))).isEqualTo("LEASE_LOST");
    assertThat(fixture.store().renewLease(writer(former))).isEmpty();
    assertThat(fixture.store().renewLease(writer(other))).isPresent();
    assertThat(fixture.store().renewLease(writer(newer))).isPresent();
  }

  @Test
  void theEndOfALeaseIsDurable() throws DamagedStoreException {
    long replaced = fixture.lease("gateway-1");
    long current = fixture.lease("gateway-1");
    long released = fixture.lease("gateway-2");
    value(get(fixture.store().releaseLease(writer(released))));

    fixture.restart();

    assertThat(fixture.store().renewLease(writer(replaced))).isEmpty();
    assertThat(fixture.store().renewLease(writer(released))).isEmpty();
    assertThat(fixture.store().renewLease(writer(current))).isPresent();
  }

  @Test
  void aRestartGivesEveryLeaseItsFullDurationAgain() throws DamagedStoreException {
    long epoch = fixture.lease("gateway-1");
    fixture.time.passMillis(DURATION_MILLIS - 1);
    fixture.restart();
    fixture.time.passMillis(DURATION_MILLIS - 1);
    assertThat(fixture.store().renewLease(writer(epoch))).isPresent();
  }

  @Test
  void aLogHasOneOwner() {
    Chain chain = Chain.fresh();
    long owner = fixture.lease("gateway-1");
    long other = fixture.lease("gateway-2");
    value(fixture.append(owner, chain.log(), chain.next(1)));
    assertThat(reason(fixture.append(other, chain.log(), chain.next(1)))).isEqualTo("EPOCH_STALE");
    assertThat(reason(get(fixture.store().update(chain.log(), writer(other), chain.next(1)))))
        .isEqualTo("EPOCH_STALE");
  }

  @Test
  void logsOfAnEndedLeaseAreClaimedAndTheirFormerWriterIsFencedOff() throws DamagedStoreException {
    Chain chain = Chain.fresh();
    long former = fixture.lease("gateway-1");
    value(fixture.append(former, chain.log(), chain.next(1)));
    fixture.time.passMillis(DURATION_MILLIS);
    long backup = fixture.lease("gateway-2");

    assertThat(value(get(fixture.store().claimLogs(writer(backup), 0))))
        .containsExactly(chain.log());

    Chain stale = new Chain(chain.log());
    stale.next();
    assertThat(reason(fixture.append(former, chain.log(), stale.next(1)))).isEqualTo("EPOCH_STALE");
    assertThat(value(fixture.append(backup, chain.log(), chain.next(1)))).isEqualTo(2);

    fixture.restart();
    assertThat(reason(fixture.append(former, chain.log(), stale.next(1)))).isEqualTo("EPOCH_STALE");
    assertThat(value(fixture.append(backup, chain.log(), chain.next(1)))).isEqualTo(3);
    assertThat(fixture.store().renewLease(writer(former))).isEmpty();
  }

  @Test
  void aFencedWritersRepeatIsRefusedToo() {
    Chain chain = Chain.fresh();
    long former = fixture.lease("gateway-1");
    var first = chain.next(1);
    value(fixture.append(former, chain.log(), first));
    value(get(fixture.store().releaseLease(writer(former))));
    long backup = fixture.lease("gateway-2");
    value(get(fixture.store().claimLogs(writer(backup), 0)));
    assertThat(reason(fixture.append(former, chain.log(), first))).isEqualTo("EPOCH_STALE");
  }

  @Test
  void onlyOpenLogsWithoutALivingOwnerAreClaimed() {
    Chain closed = Chain.fresh();
    Chain owned = Chain.fresh();
    Chain free = Chain.fresh();
    long ended = fixture.lease("gateway-1");
    long alive = fixture.lease("gateway-2");
    value(fixture.close(ended, closed.log(), closed.next(1)));
    value(fixture.append(alive, owned.log(), owned.next(1)));
    value(fixture.append(ended, free.log(), free.next(1)));
    value(get(fixture.store().releaseLease(writer(ended))));
    long backup = fixture.lease("gateway-3");

    assertThat(value(get(fixture.store().claimLogs(writer(backup), 0))))
        .containsExactly(free.log());
    assertThat(value(get(fixture.store().claimLogs(writer(backup), 0)))).isEmpty();
  }

  @Test
  void claimsAreLimited() {
    long ended = fixture.lease("gateway-1");
    List<LogId> logs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Chain chain = Chain.fresh();
      logs.add(chain.log());
      value(fixture.append(ended, chain.log(), chain.next(1)));
    }
    long backup = fixture.lease("gateway-1");
    List<LogId> claimed = new ArrayList<>();
    claimed.addAll(value(get(fixture.store().claimLogs(writer(backup), 3))));
    assertThat(claimed).hasSize(3);
    claimed.addAll(value(get(fixture.store().claimLogs(writer(backup), 3))));
    assertThat(claimed).containsExactlyInAnyOrderElementsOf(logs);
  }

  @Test
  void whoHasNoLeaseClaimsNothing() {
    long ended = fixture.lease("gateway-1");
    value(get(fixture.store().releaseLease(writer(ended))));
    assertThat(reason(get(fixture.store().claimLogs(writer(ended), 0)))).isEqualTo("LEASE_LOST");
  }

  @Test
  void twoClaimersNeverGetTheSameLog() {
    long ended = fixture.lease("gateway-1");
    int count = 200;
    for (int i = 0; i < count; i++) {
      Chain chain = Chain.fresh();
      value(fixture.append(ended, chain.log(), chain.next(1)));
    }
    value(get(fixture.store().releaseLease(writer(ended))));
    long second = fixture.lease("gateway-2");
    long third = fixture.lease("gateway-3");

    var claim2 = fixture.store().claimLogs(writer(second), 0);
    var claim3 = fixture.store().claimLogs(writer(third), 0);
    List<LogId> claimed = new ArrayList<>(value(get(claim2)));
    claimed.addAll(value(get(claim3)));

    assertThat(claimed).hasSize(count).doesNotHaveDuplicates();
  }

  /** Open logs of one owner, whose lease then ends. */
  private List<LogId> orphans(int count) {
    long ended = fixture.lease("gateway-1");
    List<LogId> logs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Chain chain = Chain.fresh();
      logs.add(chain.log());
      value(fixture.append(ended, chain.log(), chain.next(1)));
    }
    fixture.time.passMillis(DURATION_MILLIS);
    return logs;
  }

  @Test
  void ofSeveralBackupsExactlyOneTakesOver() {
    List<LogId> logs = orphans(50);
    List<Long> backups = new ArrayList<>();
    List<CompletableFuture<Outcome<List<LogId>>>> claims = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      backups.add(fixture.lease("backup-" + i));
    }
    for (int round = 0; round < 10; round++) {
      backups.forEach(backup -> claims.add(fixture.store().claimLogs(writer(backup), 10)));
    }
    List<List<LogId>> claimed = claims.stream().map(claim -> value(get(claim))).toList();

    List<LogId> won = new ArrayList<>();
    int winners = 0;
    for (int i = 0; i < backups.size(); i++) {
      List<LogId> ofOne = new ArrayList<>();
      for (int round = 0; round < 10; round++) {
        ofOne.addAll(claimed.get(round * backups.size() + i));
      }
      winners += ofOne.isEmpty() ? 0 : 1;
      won.addAll(ofOne);
    }
    assertThat(winners).isEqualTo(1);
    assertThat(won).doesNotHaveDuplicates();
    // Candidates are looked up before they are judged: the winner may have to ask for a rest.
    for (long backup : backups) {
      won.addAll(value(get(fixture.store().claimLogs(writer(backup), 0))));
    }
    assertThat(won).containsExactlyInAnyOrderElementsOf(logs);
  }

  @Test
  void ifTheHeirEndsTooAnotherTakesTheRest() {
    List<LogId> logs = orphans(4);
    long heir = fixture.lease("backup-1");
    long other = fixture.lease("backup-2");
    assertThat(value(get(fixture.store().claimLogs(writer(heir), 2)))).hasSize(2);
    assertThat(value(get(fixture.store().claimLogs(writer(other), 0)))).isEmpty();
    value(get(fixture.store().releaseLease(writer(heir))));
    assertThat(value(get(fixture.store().claimLogs(writer(other), 0))))
        .containsExactlyInAnyOrderElementsOf(logs);
  }

  @Test
  void aHolderThatCameBackIsItsOwnHeir() {
    Chain chain = Chain.fresh();
    value(fixture.append(fixture.lease("gateway-1"), chain.log(), chain.next(1)));
    long backup = fixture.lease("backup-1");
    long again = fixture.lease("gateway-1");
    assertThat(value(get(fixture.store().claimLogs(writer(backup), 0)))).isEmpty();
    assertThat(value(get(fixture.store().claimLogs(writer(again), 0))))
        .containsExactly(chain.log());
  }

  @Test
  void logsThatKeepTheHeirOutAreAnothers() {
    long first = fixture.lease("gateway-1");
    Chain own = Chain.fresh();
    Chain shared = Chain.fresh();
    value(fixture.append(first, own.log(), own.next(1)));
    var entry =
        shared
            .nextEntry()
            .setAccessControlProfile(AccessControlProfile.ACCESS_CONTROL_PROFILE_ORGANISATION)
            .build()
            .toByteString();
    value(fixture.append(first, shared.log(), List.of(entry)));
    fixture.time.passMillis(DURATION_MILLIS);
    Identity identity = new Identity("odapgw://alpha.example/gateway-2");
    Writer backup = lease("gateway-2", identity);

    assertThat(value(get(fixture.store().claimLogs(backup, 0)))).containsExactly(shared.log());
    assertThat(fixture.store().keptOut(identity)).isEqualTo(1);
    long again = fixture.lease("gateway-1");
    assertThat(value(get(fixture.store().claimLogs(writer(again), 0)))).containsExactly(own.log());
  }

  @Test
  void whoWatchesIsToldOfEachLeaseGivenAndEnded() {
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    LeaseWatcher watcher = event -> events.add(event.lease().epoch() + " " + event.kind());
    fixture.store().watchLeases(watcher);
    long first = fixture.lease("gateway-1");
    long second = fixture.lease("gateway-1");
    value(get(fixture.store().releaseLease(writer(second))));
    long third = fixture.lease("gateway-2");
    fixture.time.passMillis(DURATION_MILLIS - 1);
    fixture.store().endExpiredLeases();
    long fourth = fixture.lease("gateway-3");
    fixture.time.passMillis(1);
    fixture.store().endExpiredLeases();
    // Comes after what was submitted before it.
    value(get(fixture.store().releaseLease(writer(0))));
    fixture.store().unwatchLeases(watcher);
    value(get(fixture.store().releaseLease(writer(fourth))));

    assertThat(events)
        .containsExactly(
            first + " GIVEN",
            first + " REPLACED",
            second + " GIVEN",
            second + " RELEASED",
            third + " GIVEN",
            fourth + " GIVEN",
            third + " EXPIRED");
  }

  @Test
  void anEndThatWasToldIsDurable() throws DamagedStoreException {
    long epoch = fixture.lease("gateway-1");
    fixture.time.passMillis(DURATION_MILLIS);
    fixture.store().endExpiredLeases();
    fixture.restart();
    assertThat(fixture.store().renewLease(writer(epoch))).isEmpty();
  }

  private Writer lease(String holder, Identity identity) {
    Outcome<Lease> lease = get(fixture.store().acquireLease(holder, identity, DURATION_MILLIS));
    return new Writer(identity, value(lease).epoch());
  }

  /** Epochs are told to everyone who watches: knowing one gives no right. */
  @Test
  void aLeaseIsOfUseToItsHoldersCertificateOnly() throws DamagedStoreException {
    Identity other = new Identity("odapgw://alpha.example/gateway-2");
    long epoch = fixture.lease("gateway-1");
    fixture.restart();
    Writer stranger = new Writer(other, epoch);
    Chain chain = Chain.fresh();

    assertThat(reason(get(fixture.store().append(chain.log(), stranger, chain.next(1), false))))
        .isEqualTo("LEASE_LOST");
    assertThat(fixture.store().renewLease(stranger)).isEmpty();
    assertThat(reason(get(fixture.store().claimLogs(stranger, 0)))).isEqualTo("LEASE_LOST");
    assertThat(reason(get(fixture.store().releaseLease(stranger)))).isEqualTo("PERMISSION_DENIED");
    assertThat(reason(get(fixture.store().acquireLease("gateway-1", other, DURATION_MILLIS))))
        .isEqualTo("PERMISSION_DENIED");

    assertThat(fixture.store().renewLease(writer(epoch))).isPresent();
    value(get(fixture.store().releaseLease(writer(epoch))));
    assertThat(lease("gateway-1", other).epoch()).isGreaterThan(epoch);
  }
}
