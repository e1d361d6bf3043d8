package org.odap.gateway.operation;

import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.storage.v1.OperationOrder;
import org.odap.core.log.LogHead;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.driver.OwnLog;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.rpc.OdapException;

/**
 * The orders of the gateway's operators in the log service, one log each, closed at once. Order n
 * has an id that follows from the gateway's identity and n: who writes it first has made it, so
 * that any replica can write without asking the others, and none writes over another's.
 */
final class OperationsLog {
  private final GatewaySelf self;
  private final LogClient logs;
  private final LongSupplier epoch;

  /**
   * The log of a gateway.
   *
   * @param epoch the one this replica writes under
   */
  OperationsLog(GatewaySelf self, LogClient logs, LongSupplier epoch) {
    this.self = self;
    this.logs = logs;
    this.epoch = epoch;
  }

  /** An order, once there is one of this number. */
  Optional<OperationOrder> read(int number) {
    OwnLog log = log(number);
    return logs.read(log.id(), 1).stream()
        .findFirst()
        .map(entry -> log.content(entry, OperationOrder.class));
  }

  /**
   * Writes an order under its number; gives whether it got it: another replica may have been first.
   *
   * @throws OdapException LOG_UNAVAILABLE when it is not known whether it is stored; LEASE_LOST
   */
  boolean write(OperationOrder order) {
    OwnLog log = log(order.getNumber());
    LogEntry entry = log.done(LogHead.EMPTY, "operation", "operation", order, order.getOrderedAt());
    try {
      logs.append(log.id(), epoch.getAsLong(), List.of(entry), true);
      return true;
    } catch (OdapException e) {
      if (OwnLog.isTaken(e) && read(order.getNumber()).isPresent()) {
        return false;
      }
      throw e;
    }
  }

  private OwnLog log(int number) {
    return OwnLog.about(self, "operations", self.identity() + "\n" + number);
  }
}
