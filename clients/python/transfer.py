"""Runs a transfer between two gateways, watches it to its end, and verifies what both recorded of it."""

import argparse
import json
import pathlib
import sys
import time
import uuid

import grpc

from odap_client.canonical import parse
from odap_client.evidence import verify
from odap_client.gateway import Gateway
from odap_client.keys import organization
from odap_client.report import report, trusting
from odap_client.schemas import BUILT, Schemas


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    for prefix, which in (("", "sender"), ("peer-", "recipient")):
        group = parser.add_argument_group(f"the {which} gateway, and as whom you talk to it")
        group.add_argument(f"--{prefix}gateway", required=True, metavar="HOST:PORT")
        group.add_argument(f"--{prefix}identity", required=True, metavar="URI")
        for file in ("ca", "cert", "key"):
            group.add_argument(f"--{prefix}{file}", required=True, metavar="PEM")
    order = parser.add_argument_group("the transfer")
    for name in ("from", "to", "asset-profile", "origin", "destination"):
        order.add_argument(f"--{name}", required=True, dest=name.replace("-", "_").replace("from", "from_ledger"))
    which = order.add_mutually_exclusive_group(required=True)
    which.add_argument("--amount", default="")
    which.add_argument("--asset-id", default="")
    order.add_argument("--request-id", default=str(uuid.uuid4()), help="makes a repeat harmless")
    parser.add_argument("--out", type=pathlib.Path, help="keeps the evidence in a file")
    parser.add_argument("--seconds", type=int, default=120, help="waits at most so long for the end")
    parser.add_argument("--schemas", type=pathlib.Path, default=BUILT, help="descriptor set of the schemas")
    return parser.parse_args()


def main():
    options = arguments()
    schemas = Schemas(options.schemas)
    sender = Gateway(
        schemas, options.gateway, options.identity, ca=options.ca, cert=options.cert, key=options.key)
    recipient = Gateway(
        schemas, options.peer_gateway, options.peer_identity,
        ca=options.peer_ca, cert=options.peer_cert, key=options.peer_key)
    try:
        for gateway in (sender, recipient):
            about = gateway.call("DescribeGateway")
            ledgers = (f"{one['dltSystem']} ({one.get('ledgerKind', 'not reached yet')})" for one in about["ledgers"])
            print(f"{about['gateway']}: ledgers {', '.join(ledgers)}")
        transfer_id = start(sender, recipient, options)
        print(f"transfer {transfer_id}")
        deadline = time.monotonic() + options.seconds
        watch(sender, "sender", transfer_id, deadline)
        watch(recipient, "recipient", transfer_id, deadline)
        return prove(sender, recipient, transfer_id, options)
    finally:
        sender.close()
        recipient.close()


def start(sender, recipient, options):
    answer = sender.call(
        "StartTransfer",
        request_id=options.request_id,
        sender_dlt_system=options.from_ledger,
        recipient_gateway=recipient.identity,
        recipient_dlt_system=options.to,
        asset_profile_id=options.asset_profile,
        asset={"asset_id": options.asset_id, "amount": options.amount},
        origin=options.origin,
        originator_pubkey=sender.public_key,
        destination=options.destination,
        beneficiary_pubkey=recipient.public_key,
    )
    return answer["transfer"]["transferId"]


def watch(gateway, role, transfer_id, deadline):
    def tell(entry):
        step = entry["payload"].get("step", 0)
        print(f"  {role:9} {entry['phaseId']}.{step} {entry['payload']['message']}", flush=True)

    end = gateway.watch(transfer_id, f"GATEWAY_ROLE_{role.upper()}", deadline, tell)
    print(f"  {role:9} {end['state']} {end.get('description', '')}".rstrip())


def prove(sender, recipient, transfer_id, options):
    """Has both gateways' logs exported, and verifies them as anybody could who knows the organizations' certificates."""
    bundles = [gateway.call("ExportEvidence", transfer_id=transfer_id)["bundle"] for gateway in (sender, recipient)]
    bundle = dict(bundles[0], logs=[log for bundle in bundles for log in bundle["logs"]])
    # As a file, as a third party would get it.
    file = json.dumps(bundle, indent=2)
    if options.out is not None:
        options.out.write_text(file, "utf-8")
    trust = trusting(
        [f"{organization(sender.identity)}={options.ca}", f"{organization(recipient.identity)}={options.peer_ca}"]
    )
    verdict = verify(parse(file), trust)
    return 0 if report(verdict) == 0 and verdict.end == "COMPLETED" else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except grpc.RpcError as refused:
        print(f"{refused.code().name}: {refused.details()}", file=sys.stderr)
        sys.exit(2)
    except (OSError, ValueError) as failed:
        print(failed, file=sys.stderr)
        sys.exit(2)
