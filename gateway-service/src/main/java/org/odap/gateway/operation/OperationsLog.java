package org.odap.gateway.operation;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.odap.api.common.v1.AccessControlProfile;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LoggingProfile;
import org.odap.api.log.v1.LogEntry;
import org.odap.api.log.v1.LogOperation;
import org.odap.api.log.v1.LogPayload;
import org.odap.api.storage.v1.OperationOrder;
import org.odap.core.log.DerivedId;
import org.odap.core.log.LogEntries;
import org.odap.core.log.LogFrame;
import org.odap.core.log.LogHead;
import org.odap.core.log.PhasedPayload;
import org.odap.gateway.driver.GatewaySelf;
import org.odap.gateway.log.LogClient;
import org.odap.runtime.rpc.OdapException;

/**
 * The orders of the gateway's operators in the log service, one log each, closed at once. Order n
 * has an id that follows from the gateway's identity and n: who writes it first has made it, so
 * that any replica can write without asking the others, and none writes over another's.
 */
final class OperationsLog {
  private static final String COMMAND = "done-operation";

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
    List<LogEntry> entries = logs.read(logId(number), 1);
    if (entries.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(entries.getFirst().getPayload().getContent().unpack(OperationOrder.class));
    } catch (InvalidProtocolBufferException e) {
      throw new OdapException(
          ErrorReason.ERROR_REASON_LOG_CORRUPT, "operations log: entry " + number, e);
    }
  }

  /**
   * Writes an order under its number; gives whether it got it: another replica may have been first.
   *
   * @throws OdapException LOG_UNAVAILABLE when it is not known whether it is stored; LEASE_LOST
   */
  boolean write(OperationOrder order) {
    try {
      logs.append(logId(order.getNumber()), epoch.getAsLong(), List.of(entry(order)), true);
      return true;
    } catch (OdapException e) {
      boolean taken =
          e.reason() == ErrorReason.ERROR_REASON_LOG_NOT_CONTINUED
              || e.reason() == ErrorReason.ERROR_REASON_LOG_CLOSED
              || e.reason() == ErrorReason.ERROR_REASON_EPOCH_STALE;
      if (taken && read(order.getNumber()).isPresent()) {
        return false;
      }
      throw e;
    }
  }

  private LogEntry entry(OperationOrder order) {
    LogFrame frame =
        new LogFrame(
            sessionId(order.getNumber()),
            self.pubkey(),
            "operations",
            self.pubkey(),
            "operations",
            self.identity(),
            self.identity(),
            LoggingProfile.LOGGING_PROFILE_LOCAL_STORE,
            AccessControlProfile.ACCESS_CONTROL_PROFILE_CREATOR_ONLY);
    LogPayload payload =
        LogPayload.newBuilder()
            .setMessage(COMMAND)
            .setMessageType("operation")
            .setVotes("none")
            .setStep(1)
            .setOperation(LogOperation.LOG_OPERATION_DONE)
            .setGateways("GS")
            .setContent(Any.pack(order))
            .setRecordedAt(order.getOrderedAt())
            .build();
    return LogEntries.seal(
            frame, LogHead.EMPTY, List.of(new PhasedPayload("p1", payload)), self.signer())
        .getFirst();
  }

  private String logId(int number) {
    return sessionId(number) + "/operations";
  }

  private String sessionId(int number) {
    return DerivedId.of("operations\n" + self.identity() + "\n" + number);
  }
}
