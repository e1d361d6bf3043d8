package org.odap.core.transfer;

import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.OdapPhase;

/** Where a transfer stands on one side. */
public sealed interface State permits SenderState, RecipientState {
  /** Name of the state, in capitals. */
  String name();

  /** Phase of ODAP the state belongs to. */
  OdapPhase phase();

  /** How the transfer stands when it is in this state. */
  TransferOutcome outcome();

  /** Whether nothing can happen any more. */
  default boolean ended() {
    return outcome() != TransferOutcome.TRANSFER_OUTCOME_RUNNING;
  }
}
