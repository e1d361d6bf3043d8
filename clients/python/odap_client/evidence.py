"""Verifies what gateways recorded of a transfer, with nothing but the file.

The rules and their names are those of docs/evidence.md.
"""

from dataclasses import dataclass, field

from . import keys
from .canonical import canonical, digest, without
from .ledger import ledger_findings
from .log import Finding, Log, first
from .outcome import outcome

BUNDLE_MEMBERS = {"format_version", "transfer_id", "logs"}
LOG_MEMBERS = {"role", "gateway", "certificates", "peer_certificates", "entries"}
FRAME = ("sessionId", "sourceGatewayPubkey", "recipientGatewayPubkey")


@dataclass
class Verdict:
    """What came of a verification."""

    findings: list
    end: str = "UNFINISHED"
    entries: int = 0
    messages: int = 0
    holds: bool = field(init=False)

    def __post_init__(self):
        self.holds = not self.findings


def verify(bundle, trust):
    """Verifies a bundle.

    bundle: the JSON of an odap.storage.v1.EvidenceBundle, read by canonical.parse()
    trust: for each organization a list of its entity's certificates
    """
    try:
        findings = list(_bundle(bundle))
        return Verdict(findings) if findings else _verdict(bundle, trust)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError) as unreadable:
        return Verdict([Finding("bundle", "", 0, f"it can't be read: {unreadable!r}")])


def _bundle(bundle):
    # Compared as text: to Python true equals 1.
    known = isinstance(bundle, dict) and canonical(bundle.get("format_version")) == b"1"
    if not known or not bundle.get("transfer_id"):
        yield Finding("bundle", "", 0, "no evidence bundle of format 1")
        return
    strangers = set(bundle) - BUNDLE_MEMBERS
    for log in bundle.get("logs", []):
        strangers |= set(log) - LOG_MEMBERS
    if strangers:
        # They are under no signature: anybody may have put them there.
        yield Finding("bundle", "", 0, f"it holds what nobody knows: {sorted(strangers)}")
    roles = [log["role"] for log in bundle.get("logs", [])]
    if roles not in (["sender"], ["recipient"], ["sender", "recipient"]):
        yield Finding("bundle", "", 0, f"logs: {roles} (expected: sender, recipient, or one of them)")
    for log in bundle.get("logs", []):
        if not log.get("entries"):
            yield Finding("bundle", log["role"], 0, "it has no entries")


def _verdict(bundle, trust):
    session = bundle["transfer_id"]
    logs = [Log(log) for log in bundle["logs"]]
    findings = []
    for log in logs:
        findings += _certificates(log, log.gateway, log.chains, trust)
        # Messages are verified with these keys too: a log's owner may not slip in one for the other gateway.
        peer = next((other.gateway for other in logs if other is not log), log.peer_gateway)
        findings += _certificates(log, peer, log.peer_chains, trust)
        findings += _chain(log)
        findings += _frame(log, session)
        findings += _messages(log, logs, session)
        findings += ledger_findings(log, session)
    findings += _numbers(logs)
    if len(logs) == 2:
        findings += _agreement(logs[0], logs[1])
        findings += _agreement(logs[1], logs[0])
    end, contradictions = outcome(logs)
    return Verdict(
        findings + contradictions,
        end,
        sum(len(log.entries) for log in logs),
        len({message.hash for log in logs for message in log.messages}),
    )


def _certificates(log, identity, chains, trust):
    if not chains:
        yield log.finding("certificate", 0, f"there is no certificate of {identity}")
    for chain in chains:
        for fault in _chain_faults(log, identity, chain, chains[0][-1], trust):
            yield log.finding("certificate", 0, f"{identity}: {fault}")


def _chain_faults(log, identity, chain, entity, trust):
    if identity not in keys.identities(chain[0]):
        yield f"the certificate does not name {identity}"
    for certificate in chain:
        if not keys.is_valid(certificate, log.first_millis, log.last_millis):
            yield f"{certificate.subject.rfc4514_string()} was not valid when the log was written"
    for certificate, issuer in zip(chain, chain[1:]):
        if not keys.is_authority(issuer) or not keys.is_signed_by(certificate, issuer):
            yield f"{certificate.subject.rfc4514_string()} is not signed by the next, or that is no authority"
    if chain[-1] != entity:
        yield "a backup's certificate is of another entity"
    if chain[-1] not in trust.get(keys.organization(identity), []):
        yield "its last certificate is not the one known of its organization"


def _chain(log):
    before = ""
    for index, entry in enumerate(log.entries, 1):
        for fault in _entry_faults(log, entry, index, before):
            yield log.finding("chain", index, fault)
        before = entry.get("logEntryHash", "")


def _entry_faults(log, entry, index, before):
    if entry.get("seqNumber") != index or type(entry["seqNumber"]) is not int:
        yield f"seqNumber: {entry.get('seqNumber')} (expected: {index})"
    if entry.get("lastEntryHash", "") != before:
        yield "lastEntryHash is not the hash of the entry before"
    if any(entry.get(name) != log.entries[0].get(name) for name in FRAME):
        yield "another session or other gateways than in the first entry"
    if entry.get("payloadHash") != digest(entry["payload"]):
        yield "payloadHash is not the hash of the payload"
    if not log.knows(entry):
        yield "content of a type nobody knows, in an entry that does not say it may be skipped"
    computed = digest(without(entry, "payload", "logEntryHash", "messageSignature"))
    if entry.get("logEntryHash") != computed:
        yield "logEntryHash is not the hash of the entry"
    signature = entry.get("messageSignature", "")
    if signature == "" and index < len(log.entries):
        return  # The next signed entry covers it.
    if not any(keys.verifies(key, bytes.fromhex(computed), signature) for key in log.keys):
        yield "the signature does not verify" if signature else "no signature covers the end of the log"


def _frame(log, session):
    own = "sourceGatewayId" if log.is_sender else "targetGatewayId"
    expected = (session, first(log.sender_keys), first(log.recipient_keys))
    for index, entry in enumerate(log.entries, 1):
        for name, wanted in zip(FRAME, expected):
            if entry.get(name) != wanted:
                yield log.finding("frame", index, f"{name}: {entry.get(name)} (expected: {wanted})")
        if entry.get(own, log.gateway) != log.gateway:
            yield log.finding("frame", index, f"{own}: {entry[own]} (expected: {log.gateway})")


def _messages(log, logs, session):
    introduced = {first(log.sender_keys), first(log.recipient_keys)}
    before = []
    for message in log.messages:
        faults = [("message", fault) for fault in message.faults(session)]
        if message.name == "Recover":
            introduced.update(message.fields.get("earlier_pubkeys", []))
            if message.fields.get("backup") is True:
                introduced.add(message.client_key)
        if not _is_authors(message, _certified(logs, log.is_by_sender(message)) & introduced):
            faults.append(("signature", "it does not verify under a key its author may sign with"))
        faults += [("link", fault) for fault in _link_faults(message, before, log, logs)]
        for rule, fault in faults:
            yield log.finding(rule, message.index, f"{message.name}: {fault}")
        before.append(message)


def _certified(logs, of_sender):
    """The keys that certificates in either log give one of the two gateways."""
    return {key for log in logs for key in (log.sender_keys if of_sender else log.recipient_keys)}


def _is_authors(message, allowed):
    if message.author_key:
        allowed = allowed & {message.author_key}
    signature = message.envelope.get("message_signature")
    return any(keys.verifies(key, message.signed_bytes, signature) for key in allowed)


def _link_faults(message, before, log, logs):
    last = {known.name: known for known in before}
    if message.name in ("Rollback", "Recover"):
        if not _names_a_known_message(message, before, log, logs):
            yield "it does not carry the hash of a message of this session"
        return
    if message.name == "InitializationRequest":
        denial = last.get("InitializationDenied")
        if message.previous_hash != (denial.hash if denial else ""):
            yield "it does not carry the hash of the denial it answers"
        return
    wanted = message.predecessor
    if message.name == "CommitFinal" and _is_three_phase(last):
        wanted = "PreCommitAck"
    if message.phase == "NONE":
        # Either gateway may give up or recover at any time: what this answers is the one it names, not the last one.
        candidates = [known for known in before if known.name == wanted and known.hash == message.previous_hash]
    else:
        candidates = [last[wanted]] if wanted in last else []
    if not candidates or candidates[0].hash != message.previous_hash:
        yield f"it does not carry the hash of the {wanted}"
        return
    if not message.is_request and message.number != candidates[0].number:
        yield f"sequence number: {message.number} (expected: {candidates[0].number}, its request's)"
    if message.name == "TransferComplete":
        if message.fields.get("hash_transfer_commence") != last["TransferCommence"].hash:
            yield "it does not carry the hash of the TransferCommence"


def _is_three_phase(last):
    proposal = last.get("InitializationRequest")
    return proposal is not None and proposal.fields.get("commit_protocol") == "COMMIT_PROTOCOL_THREE_PHASE"


def _names_a_known_message(message, before, log, logs):
    """It names the last message its author knew; the other gateway need not have got that one."""
    if log.is_by_sender(message) == log.is_sender:
        if not before:
            return message.previous_hash == ""
        return any(known.hash == message.previous_hash for known in before)
    return len(logs) == 1 or any(one.holds(message.previous_hash) for one in logs)


def _numbers(logs):
    signed = {}
    for log in logs:
        for message in log.messages:
            author = "sender" if log.is_by_sender(message) else "recipient"
            place = (author, message.name.startswith("Recover"), message.is_request, message.number)
            if signed.setdefault(place, message.hash) != message.hash:
                yield log.finding(
                    "number", message.index, f"the {author} signed two different messages under number {message.number}"
                )


def _agreement(reader, author):
    if first(reader.peer_keys) != first(author.keys):
        yield reader.finding("peer-key", 0, f"it knew {author.gateway} by another key")
    for message in reader.messages:
        if reader.is_by_sender(message) == author.is_sender and not author.holds(message.hash):
            yield author.finding("hidden", 0, f"it lacks its own {message.name}")
