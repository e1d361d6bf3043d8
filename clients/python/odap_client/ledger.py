"""What a gateway says its ledger did (docs/evidence.md: step, reference, intent, anchor, claim)."""

from .canonical import sha256, without
from .log import step_name

SENDER_STEPS = {"LOCK", "FINALIZE_LOCK", "RECORD_LOCATION", "UNLOCK"}
UNDOING = {"UNLOCK", "WITHDRAW"}
# The step whose transaction a step refers to.
REFERENCES = {"FINALIZE_LOCK": "LOCK", "RECORD_LOCATION": "FINALIZE_LOCK", "CREATE": "LOG_INCOMING"}
# The messages that claim a step.
CLAIMS = {
    "LockEvidence": ("lock_evidence_claim", "LOCK"),
    "CommitFinal": ("commit_final_claim", "FINALIZE_LOCK"),
    "CommitFinalAck": ("commit_acknowledgement_claim", "CREATE"),
}


def claim_of(message):
    """The claim in a message, or None."""
    return message.fields.get(CLAIMS[message.name][0]) if message.name in CLAIMS else None


def ledger_findings(log, session):
    anchored = _is_anchored(log)
    for step in log.steps:
        faults = [("step", fault) for fault in _step_faults(log, session, step)]
        faults += [("reference", fault) for fault in _reference_faults(log, step)]
        if not any(name == step.name and index < step.index for index, name in log.intents):
            faults.append(("intent", "its intent was not logged before"))
        if anchored:
            faults += [("anchor", fault) for fault in _anchor_faults(log, step)]
        for rule, fault in faults:
            yield log.finding(rule, step.index, f"{step.name}: {fault}")
    for message in log.messages:
        if message.name in CLAIMS and log.is_by_sender(message) == log.is_sender:
            for fault in _claim_faults(log, message):
                yield log.finding("claim", message.index, f"{message.name}: {fault}")


def _step_faults(log, session, step):
    claim = step.claim
    if (step.name in SENDER_STEPS) != log.is_sender:
        yield f"it is no step of the {log.role}"
    if claim.get("transfer_id") != session:
        yield f"it is of transfer {claim.get('transfer_id')}"
    ledger = log.entries[0]["sourceDltId" if log.is_sender else "targetDltId"]
    if claim.get("dlt_system") != ledger:
        yield f"ledger: {claim.get('dlt_system')} (expected: {ledger})"
    if not claim.get("transaction_id"):
        yield "it names no transaction"
    if claim.get("finality", {}).get("final") is not True:
        yield "it is not final"
    proposal = log.last("InitializationRequest")
    if proposal is not None and step.name not in UNDOING:
        if _which(claim.get("asset", {})) != _which(proposal.fields.get("asset", {})):
            yield "it is about another asset than agreed"


def _which(asset):
    """Classes differ between ledgers; kind, id and amount do not."""
    return asset.get("kind"), asset.get("asset_id"), asset.get("amount")


def _reference_faults(log, step):
    if step.name in UNDOING:
        return
    if step.name in REFERENCES:
        before = log.step(REFERENCES[step.name])
        expected = before and sha256(before.claim.get("transaction_id", "").encode("utf-8"))
    else:
        commence = log.last("TransferCommence")
        expected = commence and commence.hash
    if expected is None or step.claim.get("reference") != expected:
        yield f"reference: {step.claim.get('reference')} (expected: {expected})"


def _is_anchored(log):
    """Whether the log's owner said that the hash of its log goes to its ledger."""
    said = log.last("InitializationRequest" if log.is_sender else "InitializationResponse")
    return said is not None and said.fields.get("logging_profile") == "LOGGING_PROFILE_LEDGER_HASH"


def _anchor_faults(log, step):
    ordered = next((index for index, name in log.intents if name == step.name), None)
    anchor = step.claim.get("log_anchor")
    if anchor is None:
        # A ledger may let go of a lock by itself, once it has expired.
        if step.name != "UNLOCK":
            yield "the ledger holds no hash of the log"
    elif ordered is None or anchor != {
        "seq_number": ordered,
        "log_entry_hash": log.entries[ordered - 1].get("logEntryHash"),
    }:
        yield "the ledger holds another hash of the log"


def _claim_faults(log, message):
    claim, (_, name) = claim_of(message), CLAIMS[message.name]
    done = log.step(name)
    if claim is None or step_name(claim) != name or done is None or done.index > message.index:
        yield "it claims a step that the log does not show before it"
    elif _essence(claim) != _essence(done.claim):
        yield f"it claims something else than entry {done.index}"


def _essence(claim):
    """Confirmations grow and proofs may be left out; everything else of a step stays as it was."""
    return without(claim, "finality", "proof", "proof_format")
