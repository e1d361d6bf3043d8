package org.odap.core.transfer;

import com.google.protobuf.Message;
import java.util.List;
import org.odap.api.common.v1.LedgerStep;
import org.odap.core.session.Role;

/**
 * How gateways and ledgers of a small world behave: as they should, unless a fault overrides it.
 */
class Conduct {
  Step decide(Transfer transfer, Input input, GatewaySetting setting, long now) {
    return TransferMachine.decide(transfer, input, setting, now);
  }

  List<Effect> pending(Transfer transfer) {
    return TransferMachine.pending(transfer);
  }

  FakeLedger.Answered perform(FakeLedger ledger, LedgerStep step, Message request, long now) {
    return ledger.perform(step, request, now);
  }

  /** Whether entries are durable before anything is done because of them (recovery-01 4). */
  boolean logsFirst(Role role) {
    return true;
  }
}
