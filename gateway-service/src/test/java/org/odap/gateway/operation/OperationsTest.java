package org.odap.gateway.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.HaltKind;
import org.odap.api.common.v1.Limit;
import org.odap.api.common.v1.OperationScope;
import org.odap.core.session.Role;
import org.odap.gateway.driver.Admission;
import org.odap.gateway.driver.FakeLogService;
import org.odap.gateway.driver.SampleOrder;
import org.odap.runtime.rpc.OdapException;

/**
 * What operators order holds for all replicas of the gateway, whoever wrote it and whoever
 * restarts.
 */
@Tag("OURS-3")
@Timeout(60)
class OperationsTest {
  private static final OperationScope ALL = OperationScope.getDefaultInstance();

  private final FakeLogService service = new FakeLogService();
  private Replica one;
  private Replica two;

  @BeforeEach
  void start() throws InterruptedException {
    one = new Replica("replica-1", service);
    two = new Replica("replica-2", service);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    service.close();
  }

  @Test
  void whatOneReplicaIsOrderedTheOtherDoesWithinSecondsAndAfterARestart() throws Exception {
    one.pause("key-1", ALL, "inventory", 0);
    Replica.await(() -> !two.operations.book().halts(now()).isEmpty());

    assertThat(two.admission.admit(candidate(), now()))
        .hasValueSatisfying(
            bar -> assertThat(bar.description()).isEqualTo("the gateway is paused: inventory"));
    try (Replica restarted = new Replica("replica-1", service)) {
      assertThat(restarted.operations.book()).isEqualTo(two.operations.book());
      assertThat(restarted.operations.book().halts(now()).getFirst().getOrderedBy())
          .isEqualTo(Replica.OPERATOR);
    }

    two.resume("key-2");
    Replica.await(() -> one.operations.book().halts(now()).isEmpty());
    assertThat(one.admission.admit(candidate(), now())).isEmpty();
  }

  @Test
  void ordersOfReplicasAtTheSameTimeAreAllKeptInOneOrder() throws Exception {
    List<Future<OperationBook>> ordered = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 40; i++) {
        Replica replica = i % 2 == 0 ? one : two;
        Limit limit = Limit.newBuilder().setName("limit-" + i).setInFlightMax(1).build();
        String key = "key-" + i;
        ordered.add(threads.submit(() -> replica.limit(key, limit)));
      }
    }
    for (Future<OperationBook> order : ordered) {
      assertThat(order.get().number()).isPositive();
    }
    Replica.await(
        () -> one.operations.book().number() == 40 && two.operations.book().number() == 40);
    assertThat(one.operations.book()).isEqualTo(two.operations.book());
    assertThat(one.operations.book().limits()).hasSize(40);
  }

  @Test
  @Tag("OURS-5")
  void anOrderRepeatedUnderItsKeyChangesNothingAndTheKeyServesNoOther() {
    one.pause("key-1", ALL, "inventory", 0);
    one.resume("key-2");
    OperationBook before = one.operations.book();

    assertThat(one.pause("key-1", ALL, "inventory", 0)).isEqualTo(before);
    assertThat(two.pause("key-1", ALL, "inventory", 0)).isEqualTo(before);
    OdapException reused =
        catchThrowableOfType(
            OdapException.class, () -> two.pause("key-1", ALL, "another reason", 0));
    assertThat(reused.reason()).isEqualTo(ErrorReason.ERROR_REASON_REQUEST_ID_REUSED);
    assertThat(before.halts(now())).isEmpty();
  }

  @Test
  void aHaltEndsByItselfAndIsOnlyAboutItsScope() {
    one.pause(
        "key-1",
        OperationScope.newBuilder().setCounterparty("odapgw://gamma.example/gateway-1").build(),
        "not them",
        0);
    one.pause("key-2", OperationScope.newBuilder().setDltSystem("sql-gamma").build(), "nor it", 0);
    assertThat(one.admission.admit(candidate(), now())).isEmpty();

    one.pause(
        "key-3",
        OperationScope.newBuilder()
            .setDltSystem("sql-beta")
            .setAssetProfileId("urn:example:titles")
            .build(),
        "audit",
        now() + 60_000);
    assertThat(one.admission.admit(candidate(), now())).isPresent();
    assertThat(one.admission.admit(candidate(), now() + 60_001)).isEmpty();
  }

  @Test
  void aMaintenanceTakesReadinessAwayFromEveryReplicaAndSaysWhy() {
    assertThat(two.health.isReady()).isTrue();
    one.halt("key-1", HaltKind.HALT_KIND_MAINTENANCE, ALL, "new disks", 0);
    assertThat(one.health.isReady()).isFalse();
    Replica.await(() -> !two.health.isReady());
    assertThat(two.health.details()).containsEntry("operations", "maintenance: new disks");

    two.halt("key-2", HaltKind.HALT_KIND_DRAIN, ALL, "new disks", 0);
    assertThat(two.health.isReady()).as("a drain keeps it ready").isTrue();
    assertThat(two.admission.admit(candidate(), now())).isPresent();
  }

  static Admission.Candidate candidate() {
    return new Admission.Candidate(
        Role.SENDER, SampleOrder.newSession(), SampleOrder.RECIPIENT, SampleOrder.order().terms());
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
