"""The same gateway over HTTP and JSON: mutual TLS 1.3, answers in the JSON mapping, a watch as server-sent events."""

import http.client
import json
import ssl
import time
import urllib.parse

from cryptography import x509

from . import keys

ANSWER_SECONDS_MAX = 60
TRIES_MAX = 5
TRY_AGAIN_SECONDS = 0.3


class Problem(Exception):
    """A problem the gateway answered with (RFC 9457): nothing that a repeat would mend."""


class Edge:
    """One gateway's HTTP edge; no other server than the one named is talked to."""

    def __init__(self, url, identity, *, ca, cert, key):
        self._place = urllib.parse.urlsplit(url)
        self._identity = identity
        self._context = ssl.create_default_context(cafile=ca)
        self._context.minimum_version = ssl.TLSVersion.TLSv1_3
        self._context.load_cert_chain(cert, key)

    def get(self, path, **query):
        """What the gateway answers to a GET."""
        with self._open(path, query, {"Accept": "application/json"}) as answer:
            return json.load(answer)

    def watch(self, transfer_id, role):
        """Every update of a transfer, live, to its end. A stream that breaks goes on where it was."""
        last_id, tries = None, 0
        while True:
            headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": last_id} if last_id else {})
            try:
                path = f"/odap/v1/transfers/{urllib.parse.quote(transfer_id, safe='')}/events"
                with self._open(path, {"role": role}, headers) as stream:
                    for event in _events(stream):
                        if event.get("event") == "end":
                            return
                        if event.get("event") == "error":
                            raise Problem(_problem(event["data"]))
                        last_id, tries = event.get("id", last_id), 0
                        yield json.loads(event["data"])
                raise ConnectionError("the stream ended before the transfer")
            except (OSError, http.client.HTTPException):
                tries += 1
                if tries == TRIES_MAX:
                    raise
                time.sleep(TRY_AGAIN_SECONDS)

    def _open(self, path, query, headers):
        connection = http.client.HTTPSConnection(
            self._place.hostname, self._place.port, context=self._context, timeout=ANSWER_SECONDS_MAX)
        connection.connect()
        # Nothing is asked before it is known who answers.
        der = connection.sock.getpeercert(binary_form=True)
        if self._identity not in keys.identities(x509.load_der_x509_certificate(der)):
            connection.close()
            raise ValueError(f"the server at {self._place.netloc} is not {self._identity}")
        connection.request("GET", f"{path}?{urllib.parse.urlencode(query)}", headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            raise Problem(f"{answer.status} {_problem(answer.read())}")
        return answer


def _problem(body):
    try:
        problem = json.loads(body)
        return f"{problem.get('reason', '')}: {problem.get('detail', problem.get('title', ''))}"
    except ValueError:
        return "no answer of a gateway"


def _events(stream):
    """Server-sent events: lines "field: value", an empty line ends an event, a colon begins a comment."""
    event = {}
    for line in stream:
        line = line.decode("utf-8").rstrip("\r\n")
        if line == "":
            if "data" in event:
                yield event
            event = {}
        elif not line.startswith(":"):
            field, _, value = line.partition(":")
            value = value.removeprefix(" ")
            event[field] = f"{event['data']}\n{value}" if field == "data" and "data" in event else value
