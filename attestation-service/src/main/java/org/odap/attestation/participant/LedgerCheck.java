package org.odap.attestation.participant;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.odap.api.common.v1.ErrorReason;
import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.ledger.v1.GetStepResponse;
import org.odap.api.ledger.v1.RecordState;
import org.odap.api.threshold.v1.Statement;
import org.odap.core.quorum.Statements;
import org.odap.runtime.rpc.OdapException;

/** Whether a statement is what the participant's own ledger says (IT "Lock"). */
final class LedgerCheck {
  /**
   * What undoes a step: a lock that was released is still a step that was done, and no lock any
   * more.
   */
  private static final Map<LedgerStep, Set<RecordState>> UNDONE =
      new EnumMap<>(
          Map.of(
              LedgerStep.LEDGER_STEP_LOCK,
              Set.of(RecordState.RECORD_STATE_AVAILABLE, RecordState.RECORD_STATE_RELEASED),
              LedgerStep.LEDGER_STEP_LOG_INCOMING,
              Set.of(RecordState.RECORD_STATE_WITHDRAWN)));

  private final String dltSystem;
  private final OwnLedger ledger;

  LedgerCheck(String dltSystem, OwnLedger ledger) {
    this.dltSystem = dltSystem;
    this.ledger = ledger;
  }

  /**
   * Checks that the claim is, word for word, what the own ledger says, and final.
   *
   * @throws OdapException CLAIM_WRONG, CLAIM_NOT_FINAL, or what the ledger's adapter failed with
   */
  void require(Statement statement) {
    LedgerClaim claim = statement.getClaim();
    if (!claim.getDltSystem().equals(dltSystem)) {
      throw wrong("dlt_system: value: " + claim.getDltSystem() + " (expected: " + dltSystem + ")");
    }
    GetStepResponse step =
        ledger
            .step(statement.getTransferId(), claim.getStep())
            .orElseThrow(() -> wrong("this participant's ledger knows nothing of this step"));
    switch (step.getOutcome().getState()) {
      case SUBMISSION_STATE_DONE -> {}
      case SUBMISSION_STATE_SUBMITTED -> throw notFinal();
      case SUBMISSION_STATE_FAILED, SUBMISSION_STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw wrong("this participant's ledger did not do this step");
    }
    LedgerClaim told = step.getOutcome().getClaim();
    if (!told.getFinality().getFinal()) {
      throw notFinal();
    }
    if (!Statements.essence(told).equals(claim)) {
      throw wrong("this participant's ledger tells of this step otherwise");
    }
    if (UNDONE.getOrDefault(claim.getStep(), Set.of()).contains(step.getRecordState())) {
      throw wrong("this participant's ledger has undone this step: " + step.getRecordState());
    }
  }

  /**
   * Whether the own ledger has undone a transfer's first step.
   *
   * @throws OdapException what the ledger's adapter failed with
   */
  boolean isUndone(String transferId, LedgerStep step) {
    return ledger
        .step(transferId, step)
        .filter(told -> UNDONE.getOrDefault(step, Set.of()).contains(told.getRecordState()))
        .isPresent();
  }

  private static OdapException wrong(String why) {
    return new OdapException(ErrorReason.ERROR_REASON_CLAIM_WRONG, why);
  }

  private static OdapException notFinal() {
    return new OdapException(
        ErrorReason.ERROR_REASON_CLAIM_NOT_FINAL,
        "the step is not final yet on this participant's ledger");
  }
}
