"""Holds this client against the published test vectors (docs/test-vectors), as any other implementation would."""

import functools
import pathlib
import unittest

from odap_client import keys
from odap_client.canonical import NotCanonical, canonical, parse, sha256, without
from odap_client.evidence import verify
from odap_client.messages import Message

VECTORS = pathlib.Path(__file__).parents[3] / "docs/test-vectors"


def vectors(name):
    return parse((VECTORS / f"{name}.json").read_text("utf-8"))


@functools.cache
def trust():
    return {organization: keys.certificates(pem) for organization, pem in vectors("evidence/trust").items()}


def patched(value, changes):
    """A JSON value changed as RFC 6902 says: add, remove, replace."""
    for change in changes:
        *names, last = [name.replace("~1", "/").replace("~0", "~") for name in change["path"].split("/")[1:]]
        parent = value
        for name in names:
            parent = parent[int(name) if isinstance(parent, list) else name]
        if isinstance(parent, dict):
            if change["op"] == "remove":
                del parent[last]
            else:
                parent[last] = change["value"]
        elif change["op"] == "remove":
            del parent[int(last)]
        elif change["op"] == "add":
            parent.insert(int(last), change["value"])
        else:
            parent[int(last)] = change["value"]
    return value


class VectorsTest(unittest.TestCase):
    def test_messages_have_the_published_bytes_hashes_and_signatures(self):
        public = vectors("keys")
        for vector in vectors("messages"):
            with self.subTest(vector["type"]):
                message = Message(vector["type"].removeprefix("odap.peer.v1."), vector["message"])
                self.assertEqual(message.signed_bytes.decode("utf-8"), vector["canonical"])
                self.assertEqual(message.hash, vector["hash"])
                self.assertEqual(list(message.faults(message.envelope["session_id"])), [])
                key = public[vector["signed_by"]]["public_key"]
                self.assertTrue(keys.verifies(key, message.signed_bytes, message.envelope["message_signature"]))

    def test_log_entries_have_the_published_bytes_hashes_and_signatures(self):
        key = vectors("keys")["recipient"]["public_key"]
        for vector in vectors("log"):
            entry = vector["entry"]
            with self.subTest(entry["seqNumber"]):
                payload = canonical(entry["payload"])
                self.assertEqual(payload.decode("utf-8"), vector["canonical_payload"])
                self.assertEqual(sha256(payload), entry["payloadHash"])
                whole = canonical(without(entry, "payload", "logEntryHash", "messageSignature"))
                self.assertEqual(whole.decode("utf-8"), vector["canonical_entry"])
                self.assertEqual(sha256(whole), entry["logEntryHash"])
                if "messageSignature" in entry:
                    signed = bytes.fromhex(entry["logEntryHash"])
                    self.assertTrue(keys.verifies(key, signed, entry["messageSignature"]))

    def test_canonical_json(self):
        file = vectors("canonical")
        for vector in file["values"]:
            made = canonical(parse(vector["json"]))
            self.assertEqual(made.decode("utf-8"), vector["canonical"], vector["json"])
            self.assertEqual(sha256(made), vector["hash"])
        for json in file["without_form"]:
            with self.assertRaises((NotCanonical, ValueError), msg=json):
                canonical(parse(json))
        print(f"{len(file['values'])} values made canonical, {len(file['without_form'])} refused")

    def test_true_evidence_holds(self):
        for name, end in vectors("evidence/ends").items():
            with self.subTest(name):
                verdict = verify(vectors(f"evidence/{name}"), trust())
                self.assertEqual(verdict.findings, [])
                self.assertEqual(verdict.end, end)

    def test_every_lie_is_found_out(self):
        for vector in vectors("evidence/broken"):
            with self.subTest(vector["name"]):
                broken = patched(vectors(f"evidence/{vector['of']}"), vector["patch"])
                findings = verify(broken, trust()).findings
                # What is wrong with the bundle as such may be found before its logs are told apart.
                found = {(finding.rule, "" if finding.rule == "bundle" else finding.log) for finding in findings}
                rule, log = vector["finding"]["rule"], vector["finding"]["log"]
                self.assertIn((rule, "" if rule == "bundle" else log), found, findings[:5])


if __name__ == "__main__":
    unittest.main()
