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

/** The recipient gateway's states; read downwards they tell a transfer. */
public enum RecipientState implements State {
  /** Nothing has happened yet. */
  UNOPENED(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_RUNNING),
  /** 1: a proposal waits for a person's approval. */
  AWAITING_APPROVAL(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_RUNNING),
  /** 1: denied with an alternative; the sender may propose again. */
  DENIED(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_RUNNING),
  /** 1: agreed. */
  AGREED(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_RUNNING),
  /** 2.2: the sender has commenced; in the InterTrust mode the lock's evidence is waited for. */
  COMMENCED(ODAP_PHASE_LOCK_EVIDENCE, TRANSFER_OUTCOME_RUNNING),
  /** 2.4: the asset is being announced on L2; in the InterTrust mode upon the lock's evidence. */
  ANNOUNCING(ODAP_PHASE_LOCK_EVIDENCE, TRANSFER_OUTCOME_RUNNING),
  /** 2.4 is done; the lock's evidence is waited for. */
  ANNOUNCED(ODAP_PHASE_LOCK_EVIDENCE, TRANSFER_OUTCOME_RUNNING),
  /** 2.6: the evidence has been taken. */
  EVIDENCED(ODAP_PHASE_LOCK_EVIDENCE, TRANSFER_OUTCOME_RUNNING),
  /**
   * 3.2: bound to create the asset once its extinguishment is shown; may not give up alone, in
   * three-phase commit until the lock's expiry.
   */
  PREPARED(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** 3.2, three-phase commit: bound as after 3.2 in two-phase commit. */
  PRECOMMITTED(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** 3.5: extinguished on L1; the asset is being created on L2. */
  CREATING(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** 3.6: created, and the sender told; its TransferComplete is waited for. */
  CREATED(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_RUNNING),
  /** The asset is on L2 and both sides know. */
  COMPLETED(ODAP_PHASE_COMMITMENT, TRANSFER_OUTCOME_COMPLETED),
  /** Refused in phase 1: neither ledger was touched. */
  REFUSED(ODAP_PHASE_INITIATION, TRANSFER_OUTCOME_REFUSED),
  /**
   * Given up before the commit point: the announcement is being withdrawn and the peer told, side
   * by side.
   */
  ROLLING_BACK(ODAP_PHASE_NONE, TRANSFER_OUTCOME_RUNNING),
  /** L2 is as before and the peer knows, or can find out alone. */
  ROLLED_BACK(ODAP_PHASE_NONE, TRANSFER_OUTCOME_ROLLED_BACK),
  /** Closed by an operator: what the ledgers hold was settled by people, for a recorded reason. */
  RESOLVED(ODAP_PHASE_NONE, TRANSFER_OUTCOME_RESOLVED);

  private final OdapPhase phase;
  private final TransferOutcome outcome;

  RecipientState(OdapPhase phase, TransferOutcome outcome) {
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
