"""Verdicts as a person reads them, and whom the reader trusts."""

import argparse
import pathlib

from . import keys


def trusting(options):
    """Options like "alpha.example=alpha/pki/entity.pem" as organization and certificates."""
    trust = {}
    for option in options:
        organization, _, file = option.partition("=")
        if not file:
            raise argparse.ArgumentTypeError(f"--trust: {option} (expected: organization=file)")
        known = keys.certificates(pathlib.Path(file).read_text("ascii"))
        trust.setdefault(organization, []).extend(known[:1])
    return trust


def report(verdict):
    """Prints a verdict; gives the exit code: 0 = the evidence holds, 1 = it does not."""
    for finding in verdict.findings:
        print(f"NOT {finding}")
    if verdict.holds:
        print(
            f"The evidence holds: {verdict.end}. {verdict.entries} log entries and {verdict.messages} messages verified."
        )
        return 0
    print(f"The evidence does not hold: {len(verdict.findings)} findings.")
    return 1
