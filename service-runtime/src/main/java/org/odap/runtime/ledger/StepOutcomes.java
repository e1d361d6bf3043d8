package org.odap.runtime.ledger;

import org.odap.api.common.v1.LedgerClaim;
import org.odap.api.ledger.v1.StepOutcome;
import org.odap.api.ledger.v1.SubmissionState;

/** The three answers a ledger can give to a step (ODAP 5.11): done, submitted, refused. */
public final class StepOutcomes {
  /** Bound of StepOutcome.description. */
  private static final int DESCRIPTION_MAX = 1_024;

  private StepOutcomes() {}

  /** The step is done and final; the claim says what the ledger did. */
  public static StepOutcome done(LedgerClaim claim) {
    return StepOutcome.newBuilder()
        .setState(SubmissionState.SUBMISSION_STATE_DONE)
        .setClaim(claim)
        .build();
  }

  /** The step was sent and is not final yet; the handle finds it again. */
  public static StepOutcome submitted(String handle, LedgerClaim claim) {
    return StepOutcome.newBuilder()
        .setState(SubmissionState.SUBMISSION_STATE_SUBMITTED)
        .setHandle(handle)
        .setClaim(claim)
        .build();
  }

  /** The ledger refused the step and changed nothing; the words are cut at their bound. */
  public static StepOutcome refused(Refusal refusal) {
    String description = refusal.description();
    return StepOutcome.newBuilder()
        .setState(SubmissionState.SUBMISSION_STATE_FAILED)
        .setReason(refusal.reason())
        .setDescription(
            description.length() <= DESCRIPTION_MAX
                ? description
                : description.substring(0, DESCRIPTION_MAX))
        .build();
  }
}
