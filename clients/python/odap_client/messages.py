"""The messages between gateways, read as JSON (docs/evidence.md, "Messages")."""

from dataclasses import dataclass
from functools import cached_property

from .canonical import canonical, digest, sha256, without

# Name: its message_type, phase, whether it asks, the field with its predecessor's hash, the predecessor.
TYPES = {
    "InitializationRequest": ("init-transfer-msg", "INITIATION", True, "hash_prev_message", None),
    "InitializationResponse": (
        "init-transfer-ack-msg", "INITIATION", False, "hash_initialization_request", "InitializationRequest"),
    "InitializationDenied": (
        "init-transfer-denied-msg", "INITIATION", False, "hash_initialization_request", "InitializationRequest"),
    "TransferCommence": (
        "transfer-commence-msg", "LOCK_EVIDENCE", True, "hash_prev_message", "InitializationResponse"),
    "TransferCommenceAck": (
        "transfer-commenceack-msg", "LOCK_EVIDENCE", False, "hash_commence_request", "TransferCommence"),
    "LockEvidence": (
        "lock-evidence-req-msg", "LOCK_EVIDENCE", True, "hash_commence_ack_request", "TransferCommenceAck"),
    "LockEvidenceAck": (
        "lock-evidence-ack-msg", "LOCK_EVIDENCE", False, "hash_lockevidence_request", "LockEvidence"),
    "CommitPrepare": ("commit-prepare-msg", "COMMITMENT", True, "hash_lockevidence_ack", "LockEvidenceAck"),
    "CommitPrepareAck": ("commit-prepare-ack-msg", "COMMITMENT", False, "hash_commitprep", "CommitPrepare"),
    "PreCommit": ("pre-commit-msg", "COMMITMENT", True, "hash_commitprepare_ack", "CommitPrepareAck"),
    "PreCommitAck": ("pre-commit-ack-msg", "COMMITMENT", False, "hash_precommit", "PreCommit"),
    "CommitFinal": ("commit-final-msg", "COMMITMENT", True, "hash_commitprepare_ack", "CommitPrepareAck"),
    "CommitFinalAck": ("commit-final-ack-msg", "COMMITMENT", False, "hash_commitfinal", "CommitFinal"),
    "TransferComplete": (
        "commit-transfer-complete-msg", "COMMITMENT", True, "hash_commit_final_ack", "CommitFinalAck"),
    "TransferCompleteAck": (
        "commit-transfer-complete-ack-msg", "COMMITMENT", False, "hash_transfer_complete", "TransferComplete"),
    "Rollback": ("rollback-msg", "NONE", True, "hash_prev_message", None),
    "RollbackAck": ("rollback-ack-msg", "NONE", False, "hash_rollback", "Rollback"),
    "Recover": ("recover-msg", "NONE", True, "hash_prev_message", None),
    "RecoverUpdate": ("recover-update-msg", "NONE", False, "hash_recover", "Recover"),
    "RecoverSuccess": ("recover-success-msg", "NONE", True, "hash_recover_update", "RecoverUpdate"),
    "RecoverAck": ("recover-ack-msg", "NONE", False, "hash_recover_success", "RecoverSuccess"),
}


@dataclass(frozen=True)
class Message:
    """A message where a log first holds it."""

    name: str
    fields: dict
    index: int = 0

    def __post_init__(self):
        if self.name not in TYPES:
            raise ValueError(f"{self.name} is no message of this version")

    @property
    def is_request(self):
        return TYPES[self.name][2]

    @property
    def phase(self):
        return TYPES[self.name][1]

    @property
    def predecessor(self):
        return TYPES[self.name][4]

    @property
    def previous_hash(self):
        return self.fields.get(TYPES[self.name][3], "")

    @property
    def envelope(self):
        return self.fields.get("envelope", {})

    @property
    def number(self):
        return self.envelope.get("sequence_number")

    @property
    def client_key(self):
        field = "source_gateway_pubkey" if self.name == "InitializationRequest" else "client_identity_pubkey"
        return self.fields.get(field, "")

    @property
    def author_key(self):
        """The key it says it is signed with; "" in answers of phase 1, which have no place for it."""
        return self.client_key if self.is_request else self.fields.get("server_identity_pubkey", "")

    @property
    def own_signature_field(self):
        """Phase 1 has no signature beside the envelope's: a member of that name would be a stranger, and is hashed."""
        if self.phase == "INITIATION":
            return None
        return "client_signature" if self.is_request else "server_signature"

    @cached_property
    def signed_bytes(self):
        signed = without(self.fields, self.own_signature_field)
        if "envelope" in signed:
            signed["envelope"] = without(signed["envelope"], "message_signature")
        return canonical(signed)

    @cached_property
    def hash(self):
        return sha256(self.signed_bytes)

    @cached_property
    def payload_hash(self):
        return digest(without(self.fields, "envelope", self.own_signature_field))

    def faults(self, session):
        """What is wrong with its form, as a message of a session."""
        expected = {
            "message_type": (self.fields.get("message_type"), "urn:ietf:odap:msgtype:" + TYPES[self.name][0]),
            "odap_phase": (self.envelope.get("odap_phase"), "ODAP_PHASE_" + self.phase),
            "version": (self.envelope.get("version", {}).get("major"), 2),
            "session_id": (self.envelope.get("session_id"), session),
            "payload_hash": (self.envelope.get("payload_hash"), self.payload_hash),
        }
        field = self.own_signature_field
        if field is not None:
            expected[field] = (self.fields.get(field), self.envelope.get("message_signature"))
        for what, (actual, wanted) in expected.items():
            if actual != wanted:
                yield f"{what}: {actual} (expected: {wanted})"
        if type(self.number) is not int:
            yield "it has no sequence number"
