// The messages of two gateways, read as JSON (docs/evidence.md, "Messages").
import { canonical, sha256, without } from "./canonical.mjs";

const TYPES = new Map(
  [
    ["InitializationRequest", "init-transfer-msg", "INITIATION", true, "hash_prev_message"],
    ["InitializationResponse", "init-transfer-ack-msg", "INITIATION", false, "hash_initialization_request", "InitializationRequest"],
    ["InitializationDenied", "init-transfer-denied-msg", "INITIATION", false, "hash_initialization_request", "InitializationRequest"],
    ["TransferCommence", "transfer-commence-msg", "LOCK_EVIDENCE", true, "hash_prev_message", "InitializationResponse"],
    ["TransferCommenceAck", "transfer-commenceack-msg", "LOCK_EVIDENCE", false, "hash_commence_request", "TransferCommence"],
    ["LockEvidence", "lock-evidence-req-msg", "LOCK_EVIDENCE", true, "hash_commence_ack_request", "TransferCommenceAck"],
    ["LockEvidenceAck", "lock-evidence-ack-msg", "LOCK_EVIDENCE", false, "hash_lockevidence_request", "LockEvidence"],
    ["CommitPrepare", "commit-prepare-msg", "COMMITMENT", true, "hash_lockevidence_ack", "LockEvidenceAck"],
    ["CommitPrepareAck", "commit-prepare-ack-msg", "COMMITMENT", false, "hash_commitprep", "CommitPrepare"],
    ["PreCommit", "pre-commit-msg", "COMMITMENT", true, "hash_commitprepare_ack", "CommitPrepareAck"],
    ["PreCommitAck", "pre-commit-ack-msg", "COMMITMENT", false, "hash_precommit", "PreCommit"],
    ["CommitFinal", "commit-final-msg", "COMMITMENT", true, "hash_commitprepare_ack", "CommitPrepareAck"],
    ["CommitFinalAck", "commit-final-ack-msg", "COMMITMENT", false, "hash_commitfinal", "CommitFinal"],
    ["TransferComplete", "commit-transfer-complete-msg", "COMMITMENT", true, "hash_commit_final_ack", "CommitFinalAck"],
    ["TransferCompleteAck", "commit-transfer-complete-ack-msg", "COMMITMENT", false, "hash_transfer_complete", "TransferComplete"],
    ["Rollback", "rollback-msg", "NONE", true, "hash_prev_message"],
    ["RollbackAck", "rollback-ack-msg", "NONE", false, "hash_rollback", "Rollback"],
    ["Recover", "recover-msg", "NONE", true, "hash_prev_message"],
    ["RecoverUpdate", "recover-update-msg", "NONE", false, "hash_recover", "Recover"],
    ["RecoverSuccess", "recover-success-msg", "NONE", true, "hash_recover_update", "RecoverUpdate"],
    ["RecoverAck", "recover-ack-msg", "NONE", false, "hash_recover_success", "RecoverSuccess"],
  ].map(([name, urn, phase, request, link, predecessor]) => [
    name,
    {
      urn: `urn:ietf:odap:msgtype:${urn}`,
      phase: `ODAP_PHASE_${phase}`,
      request,
      link,
      predecessor,
      // Phase 1 has none beside the envelope's; there such a member would be a stranger, and is hashed.
      signature: phase === "INITIATION" ? undefined : request ? "client_signature" : "server_signature",
    },
  ]),
);

/**
 * A message by the name of its type, e.g. "CommitFinal", with what is computed of it: the canonical text that is signed,
 * its hash, and the hash that its payload should have.
 */
export function message(name, fields) {
  const type = TYPES.get(name);
  if (type === undefined) {
    throw new Error(`${name} is no message of this version`);
  }
  const signed = without(fields, type.signature);
  if (fields.envelope !== undefined) {
    signed.envelope = without(fields.envelope, "message_signature");
  }
  const text = canonical(signed);
  return {
    name,
    type,
    fields,
    envelope: fields.envelope ?? {},
    text,
    hash: sha256(text),
    payloadHash: sha256(canonical(without(signed, "envelope"))),
    previous: fields[type.link] ?? "",
    clientKey: (name === "InitializationRequest" ? fields.source_gateway_pubkey : fields.client_identity_pubkey) ?? "",
    serverKey: fields.server_identity_pubkey ?? "",
  };
}

/** What is wrong with the form of a message of a session. */
export function formFaults({ type, fields, envelope, payloadHash }, session) {
  const wrong = [];
  const expect = (what, actual, expected) => {
    if (actual !== expected) {
      wrong.push(`${what}: ${actual} (expected: ${expected})`);
    }
  };
  expect("message_type", fields.message_type, type.urn);
  expect("odap_phase", envelope.odap_phase, type.phase);
  expect("version", envelope.version?.major, 2);
  expect("session_id", envelope.session_id, session);
  expect("payload_hash", envelope.payload_hash, payloadHash);
  if (!Number.isInteger(envelope.sequence_number)) {
    wrong.push("it has no sequence number");
  }
  if (type.signature !== undefined) {
    expect(type.signature, fields[type.signature], envelope.message_signature);
  }
  return wrong;
}
