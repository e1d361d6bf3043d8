package org.odap.attestation.group;

import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.common.v1.LedgerStep;
import org.odap.api.threshold.v1.Statement;
import org.odap.core.envelope.UnknownFields;
import org.odap.core.quorum.Statements;
import org.odap.runtime.rpc.FieldChecks;

/** The form of what participants sign. */
public final class StatementChecks {
  private static final int LEDGER_MAX = 128;

  private StatementChecks() {}

  /** Notes what a statement lacks. */
  public static void check(FieldChecks checks, String field, Statement statement) {
    LedgerClaim claim = statement.getClaim();
    checks
        .transferId(field + ".transfer_id", statement.getTransferId())
        .hash(field + ".hash_tx", statement.getHashTx())
        .text(field + ".claim.dlt_system", claim.getDltSystem(), LEDGER_MAX)
        .name(field + ".claim.transaction_id", claim.getTransactionId());
    if (!claim.getTransferId().equals(statement.getTransferId())) {
      checks.invalid(field + ".claim.transfer_id", claim.getTransferId(), "the statement's");
    }
    if (claim.getStep() == LedgerStep.UNRECOGNIZED
        || claim.getStep() == LedgerStep.LEDGER_STEP_UNSPECIFIED) {
      checks.invalid(field + ".claim.step", Integer.toString(claim.getStepValue()), "a step");
    }
    if (!claim.equals(Statements.essence(claim))) {
      checks.invalid(field + ".claim", "with finality or proof", "neither");
    }
    // They would not show in the bytes that are signed.
    UnknownFields.find(statement)
        .ifPresent(path -> checks.invalid(field + "." + path, "a field not known here", "none"));
  }
}
