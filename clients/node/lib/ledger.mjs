// What a gateway says its ledger did (docs/evidence.md: step, reference, intent, anchor, claim).
import { canonical, sha256, without } from "./canonical.mjs";

const SENDER_STEPS = ["LOCK", "FINALIZE_LOCK", "RECORD_LOCATION", "UNLOCK"];
const UNDOING = ["UNLOCK", "WITHDRAW"];
/** The step whose transaction a step refers to. */
const REFERENCES = new Map([
  ["FINALIZE_LOCK", "LOCK"],
  ["RECORD_LOCATION", "FINALIZE_LOCK"],
  ["CREATE", "LOG_INCOMING"],
]);
/** Messages that claim a step. */
const CLAIMS = new Map([
  ["LockEvidence", ["lock_evidence_claim", "LOCK"]],
  ["CommitFinal", ["commit_final_claim", "FINALIZE_LOCK"]],
  ["CommitFinalAck", ["commit_acknowledgement_claim", "CREATE"]],
]);

/** The short name of a step, e.g. "LOCK". */
export function stepName(claim) {
  return String(claim.step).replace("LEDGER_STEP_", "");
}

/** The claim a message makes, or undefined. */
export function claimOf(heard) {
  return heard.fields[CLAIMS.get(heard.name)?.[0]];
}

export function ledgerFindings(log, session) {
  const proposal = log.messages.findLast((heard) => heard.name === "InitializationRequest");
  const findings = [];
  for (const done of log.steps) {
    const name = stepName(done.claim);
    const add = (rule) => (what) => findings.push(log.finding(rule, done.index, `${name}: ${what}`));
    stepFaults(log, session, proposal, done.claim).forEach(add("step"));
    referenceFaults(log, done.claim).forEach(add("reference"));
    intentFaults(log, done).forEach(add("intent"));
    if (isAnchored(log, proposal)) {
      anchorFaults(log, done).forEach(add("anchor"));
    }
  }
  for (const heard of log.messages.filter((one) => CLAIMS.has(one.name) && log.bySender(one) === log.sender)) {
    claimFaults(log, heard).forEach((what) => findings.push(log.finding("claim", heard.index, `${heard.name}: ${what}`)));
  }
  return findings;
}

function stepFaults(log, session, proposal, claim) {
  const name = stepName(claim);
  const ledger = log.sender ? log.entries[0].sourceDltId : log.entries[0].targetDltId;
  const asset = ({ kind, asset_id, amount } = {}) => canonical([kind ?? "", asset_id ?? "", amount ?? ""]);
  const agreed = proposal === undefined || UNDOING.includes(name) || asset(claim.asset) === asset(proposal.fields.asset);
  return [
    [SENDER_STEPS.includes(name) === log.sender, `it is no step of the ${log.role}`],
    [claim.transfer_id === session, "it is of another transfer"],
    [claim.dlt_system === ledger, `ledger: ${claim.dlt_system} (expected: ${ledger})`],
    [Boolean(claim.transaction_id), "it names no transaction"],
    [claim.finality?.final === true, "it is not final"],
    [agreed, "it is not about the asset agreed on"],
  ].flatMap(([holds, fault]) => (holds ? [] : [fault]));
}

function referenceFaults(log, claim) {
  const name = stepName(claim);
  if (UNDOING.includes(name)) {
    return [];
  }
  const before = log.steps.find((done) => stepName(done.claim) === REFERENCES.get(name));
  const expected = REFERENCES.has(name)
    ? before && sha256(String(before.claim.transaction_id))
    : log.messages.findLast((heard) => heard.name === "TransferCommence")?.hash;
  return expected !== undefined && claim.reference === expected ? [] : [`reference: ${claim.reference} (expected: ${expected})`];
}

function intentFaults(log, done) {
  const planned = log.intents.some((intent) => intent.step === done.claim.step && intent.index < done.index);
  return planned ? [] : ["its intent was not logged before"];
}

/** Whether the log's owner said that the hash of its log goes to its ledger. */
function isAnchored(log, proposal) {
  const response = log.messages.findLast((heard) => heard.name === "InitializationResponse");
  return (log.sender ? proposal : response)?.fields.logging_profile === "LOGGING_PROFILE_LEDGER_HASH";
}

function anchorFaults(log, { claim }) {
  const intent = log.intents.find((one) => one.step === claim.step);
  if (claim.log_anchor === undefined) {
    // A ledger may let go of a lock by itself, once it has expired.
    return stepName(claim) === "UNLOCK" ? [] : ["the ledger holds no hash of the log"];
  }
  const ordered = intent && log.entries[intent.index - 1];
  const same = claim.log_anchor.seq_number === intent?.index && claim.log_anchor.log_entry_hash === ordered?.logEntryHash;
  return same ? [] : ["the ledger holds another hash of the log"];
}

function claimFaults(log, heard) {
  const [, step] = CLAIMS.get(heard.name);
  const claim = claimOf(heard);
  const done = log.steps.find((one) => stepName(one.claim) === step);
  if (claim === undefined || stepName(claim) !== step || done === undefined || done.index > heard.index) {
    return ["it claims a step that the log does not show before it"];
  }
  const essence = (one) => canonical(without(one, "finality", "proof", "proof_format"));
  return essence(claim) === essence(done.claim) ? [] : [`it claims something else than entry ${done.index}`];
}
