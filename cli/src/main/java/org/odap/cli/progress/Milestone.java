package org.odap.cli.progress;

import java.util.Arrays;
import java.util.Optional;
import org.odap.api.common.v1.LedgerStep;
import org.odap.core.evidence.Act;

/** What a transfer without trouble goes through, in order (ODAP 6 to 8, ARCH 6 to 8). */
enum Milestone {
  INITIALIZATION_REQUEST(1, "", "InitializationRequest"),
  INITIALIZATION_RESPONSE(1, "", "InitializationResponse"),
  TRANSFER_COMMENCE(2, "2.1", "TransferCommence"),
  TRANSFER_COMMENCE_ACK(2, "2.2", "TransferCommenceAck"),
  LOCK(2, LedgerStep.LEDGER_STEP_LOCK, "lock the asset"),
  LOG_INCOMING(2, LedgerStep.LEDGER_STEP_LOG_INCOMING, "announce the asset"),
  LOCK_EVIDENCE(2, "2.5", "LockEvidence"),
  LOCK_EVIDENCE_ACK(2, "2.6", "LockEvidenceAck"),
  COMMIT_PREPARE(3, "3.1", "CommitPrepare"),
  COMMIT_PREPARE_ACK(3, "3.2", "CommitPrepareAck"),
  PRE_COMMIT(3, "", "PreCommit"),
  PRE_COMMIT_ACK(3, "", "PreCommitAck"),
  FINALIZE_LOCK(3, LedgerStep.LEDGER_STEP_FINALIZE_LOCK, "extinguish the asset"),
  COMMIT_FINAL(3, "3.4", "CommitFinal"),
  CREATE(3, LedgerStep.LEDGER_STEP_CREATE, "create the asset"),
  COMMIT_FINAL_ACK(3, "3.6", "CommitFinalAck"),
  RECORD_LOCATION(3, LedgerStep.LEDGER_STEP_RECORD_LOCATION, "record the new location"),
  TRANSFER_COMPLETE(3, "3.8", "TransferComplete"),
  TRANSFER_COMPLETE_ACK(3, "", "TransferCompleteAck");

  private final int phase;
  private final String number;
  private final String name;
  private final LedgerStep step;

  Milestone(int phase, String number, String messageName) {
    this.phase = phase;
    this.number = number;
    this.name = messageName;
    this.step = LedgerStep.LEDGER_STEP_UNSPECIFIED;
  }

  Milestone(int phase, LedgerStep step, String name) {
    this.phase = phase;
    this.number = Act.stepNumber(step);
    this.name = name;
    this.step = step;
  }

  int phase() {
    return phase;
  }

  /** Number in the architecture draft; empty for what it does not number. */
  String number() {
    return number;
  }

  String label() {
    return name;
  }

  boolean onLedger() {
    return step != LedgerStep.LEDGER_STEP_UNSPECIFIED;
  }

  /** Whether only some transfers go through it: those by three-phase commit. */
  boolean optional() {
    return this == PRE_COMMIT || this == PRE_COMMIT_ACK;
  }

  /** From here on there is no way back (ARCH 8, 3.3). */
  boolean commitPoint() {
    return this == FINALIZE_LOCK;
  }

  static Optional<Milestone> message(String messageName) {
    return Arrays.stream(values())
        .filter(milestone -> !milestone.onLedger() && milestone.name.equals(messageName))
        .findFirst();
  }

  static Optional<Milestone> step(LedgerStep step) {
    return Arrays.stream(values())
        .filter(milestone -> milestone.onLedger() && milestone.step == step)
        .findFirst();
  }
}
