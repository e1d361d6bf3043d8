"""Says how a transfer stands and follows it to its end, over HTTP and JSON instead of gRPC."""

import argparse
import sys
import urllib.parse

from odap_client.rest import Edge, Problem


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("transfer", help="id of the transfer")
    parser.add_argument("--edge", required=True, metavar="https://HOST:PORT")
    parser.add_argument("--identity", required=True, metavar="URI", help="of the gateway")
    for file in ("ca", "cert", "key"):
        parser.add_argument(f"--{file}", required=True, metavar="PEM")
    parser.add_argument("--role", choices=("sender", "recipient"), default="sender")
    options = parser.parse_args()
    edge = Edge(options.edge, options.identity, ca=options.ca, cert=options.cert, key=options.key)
    role = f"GATEWAY_ROLE_{options.role.upper()}"
    path = f"/odap/v1/transfers/{urllib.parse.quote(options.transfer, safe='')}"
    print(f"now {edge.get(path, role=role)['transfer']['state']}")
    for update in edge.watch(options.transfer, role):
        if "logEntry" in update:
            entry = update["logEntry"]
            step = entry["payload"].get("step", 0)
            print(f"  {options.role:9} {entry['phaseId']}.{step} {entry['payload']['message']}", flush=True)
    ended = edge.get(path, role=role)["transfer"]
    print(f"ended {ended['state']}")
    return 0 if ended["outcome"] == "TRANSFER_OUTCOME_COMPLETED" else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, Problem) as failed:
        print(failed, file=sys.stderr)
        sys.exit(2)
