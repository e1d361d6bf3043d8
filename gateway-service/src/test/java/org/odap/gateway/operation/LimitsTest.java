package org.odap.gateway.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.odap.api.common.v1.Asset;
import org.odap.api.common.v1.AssetKind;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.Limit;
import org.odap.api.peer.v1.InitializationRequest;
import org.odap.core.session.Role;
import org.odap.core.transfer.Input;
import org.odap.core.transfer.Step;
import org.odap.core.transfer.Transfer;
import org.odap.core.transfer.TransferMachine;
import org.odap.gateway.driver.Admission;
import org.odap.gateway.driver.Admission.Bar;
import org.odap.gateway.driver.FakeLogService;
import org.odap.gateway.driver.SampleDriver;
import org.odap.gateway.driver.SampleOrder;
import org.odap.gateway.driver.TransferDriver;
import org.odap.gateway.peer.Peers;
import org.odap.runtime.rpc.OdapException;

/** Limits, counted from the logs: not exceeded by orders at the same time, nor by a restart. */
@Tag("OURS-3")
@Timeout(60)
class LimitsTest {
  private static final String GAMMA = "odapgw://gamma.example/gateway-1";

  private final FakeLogService service = new FakeLogService();
  private Replica replica;

  @BeforeEach
  void start() throws InterruptedException {
    replica = new Replica("operators-1", service);
  }

  @AfterEach
  void stop() {
    replica.close();
    service.close();
  }

  @Test
  void theLargestAmountIsOfOneTransferAndOfTheScopeOnly() {
    replica.limit("1", limit("big").setCounterparty(SampleOrder.RECIPIENT).setAmountMax("100"));

    assertThat(admit(Role.SENDER, SampleOrder.RECIPIENT, "100")).isEmpty();
    assertThat(admit(Role.SENDER, SampleOrder.RECIPIENT, "101").orElseThrow().description())
        .isEqualTo("limit big: amount: 101 (expected: 100)");
    assertThat(admit(Role.RECIPIENT, SampleOrder.RECIPIENT, "101")).isPresent();
    assertThat(admit(Role.SENDER, GAMMA, "101")).isEmpty();
  }

  @Test
  void amountsAreSummedOverThePeriodAndEachRoleAlone() {
    replica.limit(
        "1",
        limit("daily")
            .setAssetProfileId("urn:example:titles")
            .setRole("sender")
            .setSumMax("100")
            .setPeriodSeconds(60));
    long then = now() - 61_000;

    assertThat(admit(Role.SENDER, GAMMA, "90", then)).as("before the period").isEmpty();
    assertThat(admit(Role.SENDER, SampleOrder.RECIPIENT, "60")).isEmpty();
    assertThat(admit(Role.SENDER, GAMMA, "40")).isEmpty();
    assertThat(admit(Role.RECIPIENT, GAMMA, "1")).as("in the other role").isEmpty();
    assertThat(admit(Role.SENDER, GAMMA, "1").orElseThrow().description())
        .isEqualTo("limit daily: sum: 101 (expected: 100, within 60 s)");
  }

  @Test
  void ofOrdersAtTheSameTimeNoMoreBeginThanALimitLets() throws Exception {
    replica.limit("1", limit("sum").setSumMax("1000").setPeriodSeconds(3_600));
    replica.limit("2", limit("number").setNumberMax(1_000).setPeriodSeconds(3_600));
    List<Future<Boolean>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
      for (int i = 0; i < 400; i++) {
        all.add(threads.submit(() -> admit(Role.SENDER, GAMMA, "7").isEmpty()));
      }
    }
    int begun = 0;
    for (Future<Boolean> one : all) {
      begun += one.get() ? 1 : 0;
    }
    assertThat(begun).isEqualTo(1_000 / 7);
  }

  @Test
  void whatDidNotBeginOrCameToNothingIsNotCounted() {
    replica.limit("1", limit("few").setInFlightMax(1));
    Admission.Candidate first = candidate(Role.SENDER, GAMMA, "1");
    assertThat(replica.admission.admit(first, now())).isEmpty();
    assertThat(replica.admission.admit(first, now())).as("the same once more").isEmpty();
    assertThat(admit(Role.SENDER, GAMMA, "1")).isPresent();

    replica.admission.forget(first.logId());
    assertThat(replica.admission.admit(first, now())).isEmpty();

    Transfer begun = begun(first.transferId());
    replica.admission.changed(begun);
    assertThat(admit(Role.SENDER, GAMMA, "1")).isPresent();
    replica.admission.forget(first.logId());
    assertThat(admit(Role.SENDER, GAMMA, "1")).as("what has begun is not forgotten").isPresent();

    Step stalled =
        TransferMachine.decide(
            begun,
            new Input.Stalled(ErrorReason.ERROR_REASON_PEER_UNREACHABLE, "silence"),
            SampleOrder.setting(),
            now());
    replica.admission.changed(((Step.Accepted) stalled).transfer());
    assertThat(admit(Role.SENDER, GAMMA, "1")).isEmpty();
  }

  /** The orders go to a peer nobody knows: they run until somebody gives them up. */
  @Test
  void aRestartForgetsNothingAndARepeatIsAnsweredThoughTheLimitIsReached() throws Exception {
    replica.limit("1", limit("two").setNumberMax(2).setPeriodSeconds(3_600));
    List<String> sessions = List.of(SampleOrder.newSession(), SampleOrder.newSession());
    TransferDriver driver = driver(replica);
    driver.start();
    for (String session : sessions) {
      driver.order(SampleOrder.order(), session, SampleOrder.RECIPIENT);
    }
    assertThat(refused(driver)).isEqualTo(ErrorReason.ERROR_REASON_LIMIT_EXCEEDED);
    assertThat(driver.order(SampleOrder.order(), sessions.getFirst(), SampleOrder.RECIPIENT).id())
        .isEqualTo(sessions.getFirst());
    driver.stop(Duration.ofSeconds(5));

    try (Replica restarted = new Replica("operators-1", service)) {
      assertThat(restarted.history.newestFirst("")).hasSize(2);
      TransferDriver again = driver(restarted);
      again.start();
      assertThat(refused(again)).isEqualTo(ErrorReason.ERROR_REASON_LIMIT_EXCEEDED);
      restarted.pause("2", org.odap.api.common.v1.OperationScope.getDefaultInstance(), "audit", 0);
      assertThat(refused(again)).isEqualTo(ErrorReason.ERROR_REASON_NOT_ACCEPTING);
      assertThat(restarted.history.newestFirst("")).hasSize(2);
      again.stop(Duration.ofSeconds(5));
    }
  }

  private static ErrorReason refused(TransferDriver driver) {
    try {
      driver.order(SampleOrder.order(), SampleOrder.newSession(), SampleOrder.RECIPIENT);
    } catch (OdapException e) {
      return e.reason();
    }
    return ErrorReason.ERROR_REASON_UNSPECIFIED;
  }

  private TransferDriver driver(Replica over) {
    return SampleDriver.of(
        SampleOrder.SENDER,
        SampleOrder.SIGNER,
        service,
        new Peers(List.of()),
        new SampleOrder.Unasked(),
        over.admission);
  }

  private static Transfer begun(String session) {
    Transfer transfer = Transfer.unopened(Role.SENDER, SampleOrder.frame(session));
    for (var entry : SampleOrder.log(session)) {
      transfer = TransferMachine.apply(transfer, entry);
    }
    return transfer;
  }

  private Optional<Bar> admit(Role role, String peer, String amount) {
    return admit(role, peer, amount, now());
  }

  private Optional<Bar> admit(Role role, String peer, String amount, long at) {
    return replica.admission.admit(candidate(role, peer, amount), at);
  }

  private static Admission.Candidate candidate(Role role, String peer, String amount) {
    InitializationRequest terms =
        SampleOrder.order().terms().toBuilder()
            .setAsset(Asset.newBuilder().setKind(AssetKind.ASSET_KIND_FUNGIBLE).setAmount(amount))
            .build();
    return new Admission.Candidate(role, SampleOrder.newSession(), peer, terms);
  }

  private static Limit.Builder limit(String name) {
    return Limit.newBuilder().setName(name);
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
