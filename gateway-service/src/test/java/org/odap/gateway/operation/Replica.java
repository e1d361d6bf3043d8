package org.odap.gateway.operation;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.odap.api.common.v1.Halt;
import org.odap.api.common.v1.HaltKind;
import org.odap.api.common.v1.Limit;
import org.odap.api.common.v1.OperationScope;
import org.odap.api.storage.v1.ClientRequest;
import org.odap.api.storage.v1.OperationOrder;
import org.odap.core.envelope.Hash;
import org.odap.gateway.driver.FakeLogService;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.SampleOrder;
import org.odap.gateway.history.TransferHistory;
import org.odap.gateway.lease.LeaseKeeper;
import org.odap.gateway.log.FailPoints;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.health.ServiceHealth;

/** One replica's view of what is ordered of its gateway, and of the gateway's transfers. */
final class Replica implements AutoCloseable {
  static final String OPERATOR = "odapclient://alpha.example/operator";

  final ServiceHealth health = new ServiceHealth();
  final TransferHistory history;
  final Operations operations;
  final OperatorsAdmission admission;
  final long epoch;
  final LogClient logs;

  /** Starts; all is read when it returns. */
  Replica(String holder, FakeLogService service) throws InterruptedException {
    logs = new LogClient(service.channel(), new FailPoints(Optional.empty()));
    epoch = new LeaseKeeper(service.channel(), holder, Duration.ofSeconds(30)).acquire();
    history = new TransferHistory(logs);
    operations =
        new Operations(
            new OperationsLog(
                new GatewaySelf(SampleOrder.SENDER, SampleOrder.SIGNER), logs, () -> epoch),
            health.condition("operations"),
            Clock.systemUTC());
    admission = new OperatorsAdmission(operations, history);
    history.start();
    operations.start();
    boolean _ = history.awaitComplete(Duration.ofSeconds(10));
    health.started();
  }

  OperationBook pause(String key, OperationScope scope, String reason, long until) {
    return halt(key, HaltKind.HALT_KIND_PAUSE, scope, reason, until);
  }

  OperationBook halt(String key, HaltKind kind, OperationScope scope, String reason, long until) {
    Halt halt =
        Halt.newBuilder().setKind(kind).setScope(scope).setReason(reason).setUntil(until).build();
    return operations.order(request(key, halt.toString()), order -> order.setHalt(halt));
  }

  OperationBook resume(String key) {
    return operations.order(
        request(key, "resume"),
        order -> order.setResumption(org.odap.api.storage.v1.Resumption.getDefaultInstance()));
  }

  OperationBook limit(String key, Limit.Builder limit) {
    return limit(key, limit.build());
  }

  OperationBook limit(String key, Limit limit) {
    return operations.order(
        request(key, limit.toString()), (OperationOrder.Builder order) -> order.setLimit(limit));
  }

  static ClientRequest request(String key, String content) {
    return ClientRequest.newBuilder()
        .setClient(OPERATOR)
        .setRequestId(key)
        .setHashRequest(Hash.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .build();
  }

  /** Waits for a condition; the test's time-out ends a vain wait. */
  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean() && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public void close() {
    operations.stop(Duration.ZERO);
    history.stop(Duration.ZERO);
  }
}
