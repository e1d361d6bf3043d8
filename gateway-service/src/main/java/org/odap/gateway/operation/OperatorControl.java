package org.odap.gateway.operation;

import io.grpc.BindableService;
import java.time.Clock;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.odap.api.client.v1.GivenUpTracker;
import org.odap.gateway.driver.Admission;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.history.TransferHistory;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.health.ServiceHealth;
import org.odap.runtime.lifecycle.Part;

/** The operators' control of a gateway, put together. */
public final class OperatorControl {
  private final Operations operations;
  private final TransferHistory history;
  private final Clock clock;

  /**
   * Control of a gateway; its parts are to be started.
   *
   * @param epoch the one this replica writes under
   * @param ready readiness, which a maintenance takes away
   */
  public OperatorControl(
      GatewaySelf self,
      LogClient logs,
      LongSupplier epoch,
      TransferHistory history,
      ServiceHealth.Condition ready,
      Clock clock) {
    this.operations = new Operations(new OperationsLog(self, logs, epoch), ready, clock);
    this.history = history;
    this.clock = clock;
  }

  /** What has to run: after the driver has its lease, before anything is served. */
  public Part part() {
    return operations;
  }

  /** Who begins, as ordered. */
  public Admission admission() {
    return new OperatorsAdmission(operations, history);
  }

  /**
   * When a transfer's tracker was last ordered to be posted to again, UNIX milliseconds; 0 = never.
   *
   * @throws org.odap.runtime.rpc.OdapException UNAVAILABLE before that is known
   */
  public long postingAgainAt(String transferId) {
    return operations.book().postingAgainAt(transferId);
  }

  /**
   * The operators' service.
   *
   * @param trackers those that were given up
   * @param access refuses a caller who may not operate the gateway
   */
  public BindableService service(Supplier<List<GivenUpTracker>> trackers, Runnable access) {
    return new OperationEndpoint(operations, history, trackers, access, clock);
  }
}
