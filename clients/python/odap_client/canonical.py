"""JSON as it is hashed and signed: RFC 8785 (docs/test-vectors)."""

import hashlib
import json

# The schemas have whole numbers only, and 64-bit ones are strings: whatever is larger is no number of theirs.
NUMBER_MAX = 2**53 - 1


class NotCanonical(ValueError):
    """JSON that has no canonical form, or more than one reading."""


def parse(text):
    """Reads JSON. Refuses a member that stands twice in one object, since readers differ in which they take."""
    try:
        return json.loads(text, object_pairs_hook=_object, parse_float=_whole, parse_constant=_no_number)
    except RecursionError as deep:
        raise NotCanonical("nested too deeply") from deep


def _object(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise NotCanonical("a member stands twice in one object")
    return members


def _whole(text):
    """1.0 and 1e3 are whole too, and are written as 1 and 1000."""
    number = float(text)
    return int(number) if number.is_integer() else _no_number(text)


def _no_number(text):
    raise NotCanonical(f"number: {text} (expected: a whole number)")


def canonical(value):
    """The canonical bytes of what parse() gives."""
    try:
        return _text(value).encode("utf-8")
    except UnicodeEncodeError as lone:
        raise NotCanonical("a string with a lone surrogate") from lone


def _text(value):
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > NUMBER_MAX:
            raise NotCanonical(f"number: {value} (expected: below 2^53)")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(_text(one) for one in value) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(_text(name) + ":" + _text(value[name]) for name in names) + "}"
    raise NotCanonical(f"no JSON: {type(value).__name__}")


def digest(value):
    """SHA-256 of a value's canonical bytes, lower-case hex."""
    return sha256(canonical(value))


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def without(members, *names):
    return {name: value for name, value in members.items() if name not in names}
