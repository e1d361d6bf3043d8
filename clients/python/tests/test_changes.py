"""Nothing in true evidence may change unnoticed: members are changed and taken away in turn."""

import json
import unittest

from odap_client.evidence import verify
from tests.test_vectors import trust, vectors

# Every so many-th member of a bundle.
STEPS = {"refused": 3, "rolled-back": 30}


def places(value):
    """Every place in a JSON value: what holds it and under which name."""
    for name in range(len(value)) if isinstance(value, list) else list(value):
        yield value, name
        if isinstance(value[name], (list, dict)):
            yield from places(value[name])


def other_than(value):
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, str):
        return value[:-1] + ("2" if value.endswith("1") else "1")
    return value[:-1] if isinstance(value, list) else dict(value, stranger="1")


class ChangesTest(unittest.TestCase):
    def setUp(self):
        self.changes = 0

    def test_no_member_can_be_changed_or_taken_away(self):
        for name, step in STEPS.items():
            bundle = vectors(f"evidence/{name}")
            for index, (holder, member) in enumerate(list(places(bundle))):
                # One gateway's log alone is evidence too, and so is a log up to a signed entry.
                if index % step == 0 and member not in ("logs", "entries"):
                    self.change(bundle, holder, member)
            self.assertEqual(verify(bundle, trust()).findings, [])
        print(f"{self.changes} changes, each found")

    def change(self, bundle, holder, member):
        value = holder[member]
        holder[member] = other_than(value)
        self.expect_refused(bundle, holder, member)
        # A signature before the last one only says again what the later one covers.
        spare = member == "messageSignature" and all(log["entries"][-1] is not holder for log in bundle["logs"])
        if isinstance(holder, dict) and not spare:
            del holder[member]
            self.expect_refused(bundle, holder, member)
        holder[member] = value

    def expect_refused(self, bundle, holder, member):
        self.changes += 1
        self.assertNotEqual(verify(bundle, trust()).findings, [], f"{member} of {json.dumps(holder)[:200]}")


if __name__ == "__main__":
    unittest.main()
