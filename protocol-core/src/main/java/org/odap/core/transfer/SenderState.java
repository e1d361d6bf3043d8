package org.odap.core.transfer;

import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_COMPLETED;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_REFUSED;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_RESOLVED;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_ROLLED_BACK;
import static org.odap.api.client.v1.TransferOutcome.TRANSFER_OUTCOME_RUNNING;
import static org.odap.api.common.v1.OdapPhase.ODAP_PHASE_COMMITMENT;
import static org.odap.api.common.v1.OdapPhase.ODAP_PHASE_INITIATION;
import static org.odap.api.common.v1.OdapPhase.ODAP_PHASE_LOCK_EVIDENCE;
import static org.odap.api.common.v1.OdapPhase.ODAP_PHASE_NONE;

import org.odap.api.client.v1.TransferOutcome;
import org.odap.api.common.v1.OdapPhase;

/** The sender gateway's states; read downwards they tell a transfer. */
public enum SenderState implements State {
  /** Nothing has happened yet. */
  UNOPENED(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_RUNNING),
  /** 1: the order waits for approval by other persons than the one who ordered. */
  AWAITING_APPROVAL(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_RUNNING),
  /** 1: the proposal is on its way and waits for agreement. */
  PROPOSED(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_RUNNING),
  /** 2.1: agreed; the TransferCommence waits for its ack. */
  COMMENCING(ODAP_PHASE_LOCK_EVIDENCE, TRANSFER_OUTCOME_RUNNING),
  /** 2.3: the asset is being locked on L1. */
  LOCKING(ODAP_PHASE_LOCK_EVIDENCE, TRANSFER_OUTCOME_RUNNING),
  /** 2.5: locked; the evidence waits for its receipt. */
  EVIDENCING(ODAP_PHASE_LOCK_EVIDENCE, TRANSFER_OUTCOME_RUNNING),
  /** 3.1: the CommitPrepare waits for the recipient's promise. */
  PREPARING(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** 3.2, three-phase commit: the PreCommit waits for the recipient's promise. */
  PRECOMMITTING(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /**
   * 3.3: the asset is being extinguished on L1: the commit point. Only the ledger's own no leads
   * back from here.
   */
  FINALIZING(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** 3.4: extinguished; the CommitFinal waits for the news that the asset exists on L2. */
  COMMITTING(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** 3.7: created on L2; L1 records where it went. */
  RECORDING(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** 3.8: the TransferComplete waits for its receipt. */
  COMPLETING(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** The asset is on L2 and both sides know. */
  COMPLETED(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_COMPLETED),
  /** Refused in phase 1: neither ledger was touched. */
  REFUSED(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_REFUSED),
  /** Given up before the commit point: the lock is being undone and the peer told, side by side. */
  ROLLING_BACK(ODAP_PHASE_NONE, TRANSFER_OUTCOME_RUNNING),
  /** L1 is as before and the peer knows, or can find out alone. */
  ROLLED_BACK(ODAP_PHASE_NONE, TRANSFER_OUTCOME_ROLLED_BACK),
  /** Closed by an operator: what the ledgers hold was settled by people, for a recorded reason. */
  RESOLVED(ODAP_PHASE_NONE, TRANSFER_OUTCOME_RESOLVED);

  private final OdapPhase phase;
  private final TransferOutcome outcome;

  SenderState(OdapPhase phase, TransferOutcome outcome) {
    this.phase = phase;
    this.outcome = outcome;
  }

  @Override
  public OdapPhase phase() {
    return phase;
  }

  @Override
  public TransferOutcome outcome() {
    return outcome;
  }
}
