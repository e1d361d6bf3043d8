"""What came of a transfer (docs/evidence.md, "What came of it")."""

from .ledger import claim_of
from .log import Finding, step_name


def outcome(logs):
    """How it ended, and what contradicts the rule "outcome"."""
    done = {step.name for log in logs for step in log.steps}
    claims = (claim_of(message) for log in logs for message in log.messages)
    done |= {step_name(claim) for claim in claims if claim is not None}
    findings = [Finding("outcome", log, 0, what) for log, what in _contradictions(logs, done)]
    return ("BROKEN" if findings else _end(logs, done)), findings


def _contradictions(logs, done):
    sender_alone = len(logs) == 1 and logs[0].is_sender
    if "CREATE" in done and "FINALIZE_LOCK" not in done and not sender_alone:
        yield "recipient", "it created the asset, which nobody showed extinguished"
    if {"FINALIZE_LOCK", "UNLOCK"} <= done:
        yield "sender", "it both extinguished the asset and gave it back"
    if {"CREATE", "WITHDRAW"} <= done:
        yield "recipient", "it both created the asset and withdrew it"
    if {"FINALIZE_LOCK", "WITHDRAW"} <= done and "CREATE" not in done:
        yield "recipient", "it withdrew an asset that was extinguished for its sake"


def _end(logs, done):
    if "FINALIZE_LOCK" in done:
        return "COMPLETED" if "CREATE" in done else "UNFINISHED"
    if not any(log.failures for log in logs):
        return "UNFINISHED"
    if all(log.last("TransferCommence") is None for log in logs):
        return "REFUSED"
    owed = ("LOCK" in done and "UNLOCK" not in done) or ("LOG_INCOMING" in done and "WITHDRAW" not in done)
    return "UNFINISHED" if owed else "ROLLED_BACK"
