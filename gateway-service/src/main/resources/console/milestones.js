// What a transfer without trouble goes through, in order (ODAP 6 to 8, ARCH 7 and 8).

const message = (phase, number, name, from, optional = false) => ({
  key: name, phase, number, label: name, way: from === "sender" ? "to-recipient" : "to-sender", optional,
});
const step = (phase, number, name, label, side) => ({
  key: `LEDGER_STEP_${name}`, phase, number, label, way: `${side}-ledger`, ledger: true,
});

export const PHASES = { 1: "Phase 1: initiation", 2: "Phase 2: lock evidence", 3: "Phase 3: commitment" };

export const MILESTONES = [
  message(1, "", "InitializationRequest", "sender"),
  message(1, "", "InitializationResponse", "recipient"),
  message(2, "2.1", "TransferCommence", "sender"),
  message(2, "2.2", "TransferCommenceAck", "recipient"),
  step(2, "2.3", "LOCK", "lock the asset", "sender"),
  step(2, "2.4", "LOG_INCOMING", "announce the asset", "recipient"),
  message(2, "2.5", "LockEvidence", "sender"),
  message(2, "2.6", "LockEvidenceAck", "recipient"),
  message(3, "3.1", "CommitPrepare", "sender"),
  message(3, "3.2", "CommitPrepareAck", "recipient"),
  message(3, "", "PreCommit", "sender", true),
  message(3, "", "PreCommitAck", "recipient", true),
  { ...step(3, "3.3", "FINALIZE_LOCK", "extinguish the asset", "sender"), commitPoint: true },
  message(3, "3.4", "CommitFinal", "sender"),
  step(3, "3.5", "CREATE", "create the asset", "recipient"),
  message(3, "3.6", "CommitFinalAck", "recipient"),
  step(3, "3.7", "RECORD_LOCATION", "record the new location", "sender"),
  message(3, "3.8", "TransferComplete", "sender"),
  message(3, "", "TransferCompleteAck", "recipient"),
];

/** What is outside the usual way: shown where it happens. */
export const DETOURS = {
  LEDGER_STEP_UNLOCK: { label: "give the asset back", way: "sender-ledger", ledger: true },
  LEDGER_STEP_WITHDRAW: { label: "withdraw the announcement", way: "recipient-ledger", ledger: true },
};
