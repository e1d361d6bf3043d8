"""Verifies an evidence file without any network."""

import argparse
import pathlib
import sys

from odap_client.canonical import parse
from odap_client.evidence import verify
from odap_client.report import report, trusting


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("bundle", type=pathlib.Path)
    arguments.add_argument(
        "--trust",
        action="append",
        required=True,
        metavar="ORGANIZATION=PEM",
        help="entity certificate of an organization; once for each",
    )
    options = arguments.parse_args()
    return report(verify(parse(options.bundle.read_text("utf-8")), trusting(options.trust)))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, argparse.ArgumentTypeError) as failed:
        print(failed, file=sys.stderr)
        sys.exit(2)
