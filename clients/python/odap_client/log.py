"""One gateway's log taken apart: what it said and heard, what its ledger did, who it is. Nothing is believed yet."""

from dataclasses import dataclass

from . import keys
from .messages import Message

MESSAGE = "odap.peer.v1."
RECORD = "odap.storage.v1."


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be."""

    rule: str
    log: str
    entry: int
    what: str

    def __str__(self):
        place = self.log or "bundle"
        return f"{self.rule}: {place}{f', entry {self.entry}' if self.entry else ''}: {self.what}"


@dataclass(frozen=True)
class Step:
    """A ledger step that a log says was done."""

    index: int
    claim: dict

    @property
    def name(self):
        return step_name(self.claim)


def step_name(record):
    """"LOCK" of a claim or an intent of step LEDGER_STEP_LOCK."""
    return str(record.get("step", "")).removeprefix("LEDGER_STEP_")


def first(some_keys):
    """The key a session began with; None where there is no certificate, which is a finding of its own."""
    return some_keys[0] if some_keys else None


class Log:
    """Reads an odap.storage.v1.GatewayLog; what is not of the published form is a ValueError or the like."""

    def __init__(self, log):
        self.role = log["role"]
        self.is_sender = self.role == "sender"
        self.gateway = log["gateway"]
        self.entries = log["entries"]
        self.chains = keys.chains(log.get("certificates", []))
        self.peer_chains = keys.chains(log.get("peer_certificates", []))
        self.keys = [keys.public_key(chain[0]) for chain in self.chains]
        self.peer_keys = [keys.public_key(chain[0]) for chain in self.peer_chains]
        self.first_millis = int(self.entries[0]["payload"]["recordedAt"])
        self.last_millis = int(self.entries[-1]["payload"]["recordedAt"])
        self.messages = []
        self.intents = []
        self.steps = []
        self.failures = 0
        self._hashes = set()
        for index, entry in enumerate(self.entries, 1):
            self._take(index, dict(entry["payload"].get("content", {})))

    def _take(self, index, content):
        kind = content.pop("@type", "").rpartition("/")[2]
        if kind.startswith(MESSAGE):
            message = Message(kind.removeprefix(MESSAGE), content, index)
            if not self.holds(message.hash):
                self._hashes.add(message.hash)
                self.messages.append(message)
        elif kind == RECORD + "StepIntent":
            self.intents.append((index, step_name(content)))
        elif kind == RECORD + "StepDone":
            self.steps.append(Step(index, content["claim"]))
        elif kind == RECORD + "Failure":
            self.failures += 1

    def knows(self, entry):
        """Whether an entry's content is of the suite's types, or says that it may be skipped."""
        kind = entry["payload"].get("content", {}).get("@type", "").rpartition("/")[2]
        return entry.get("ignorable") is True or kind == "" or kind.startswith("odap.")

    @property
    def sender_keys(self):
        return self.keys if self.is_sender else self.peer_keys

    @property
    def recipient_keys(self):
        return self.peer_keys if self.is_sender else self.keys

    @property
    def peer_gateway(self):
        return self.entries[0].get("targetGatewayId" if self.is_sender else "sourceGatewayId", "")

    def holds(self, message_hash):
        return message_hash in self._hashes

    def last(self, name):
        """The last message of a type, or None."""
        return next((message for message in reversed(self.messages) if message.name == name), None)

    def step(self, name):
        """The first step of a name that was done, or None."""
        return next((step for step in self.steps if step.name == name), None)

    def is_by_sender(self, message):
        """Whether the sender gateway must have signed a message."""
        if message.phase != "NONE":
            return message.is_request
        return message.is_request == (message.client_key in self.sender_keys)

    def finding(self, rule, entry, what):
        return Finding(rule, self.role, entry, what)
