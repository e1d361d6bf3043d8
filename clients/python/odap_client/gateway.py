"""A client's connection to one gateway: mutual TLS 1.3, and only to the one named."""

import socket
import ssl
import time

import grpc
from cryptography import x509

from . import keys

SERVICE = "odap.client.v1.TransferService"
CALL_SECONDS_MAX = 10
TRIES_MAX = 5
TRY_AGAIN_SECONDS = 0.3
RECONNECT_MILLIS_FIRST, RECONNECT_MILLIS_MAX = 300, 2_000
ANSWER_BYTES_MAX = 64 << 20


class Gateway:
    """Requests are given with the schemas' field names; answers are the JSON mapping, as they also come over HTTP."""

    def __init__(self, schemas, address, identity, *, ca, cert, key):
        """address: host and port; identity: no server but this one is talked to; ca, cert, key: names of PEM files."""
        self.identity = identity
        with open(cert, "rb") as own, open(key, "rb") as secret:
            chain, private = own.read(), secret.read()
        self.public_key = keys.public_key(x509.load_pem_x509_certificate(chain))
        pinned = _certificate_of(address, identity, ca, cert, key)
        self._channel = grpc.secure_channel(
            address,
            grpc.ssl_channel_credentials(pinned, private, chain),
            options=[
                ("grpc.max_receive_message_length", ANSWER_BYTES_MAX),
                # A gateway comes back within seconds; gRPC alone would soon look for it every two minutes only.
                # Its "min_reconnect_backoff" is how long an attempt may take: a busy gateway's handshake takes its time.
                ("grpc.initial_reconnect_backoff_ms", RECONNECT_MILLIS_FIRST),
                ("grpc.max_reconnect_backoff_ms", RECONNECT_MILLIS_MAX),
            ],
        )
        self._to_json = schemas.to_json
        self._calls = {}
        for name, request, response, streams in schemas.methods(SERVICE):
            make = self._channel.unary_stream if streams else self._channel.unary_unary
            call = make(f"/{SERVICE}/{name}", request.SerializeToString, response.FromString)
            self._calls[name] = (call, request)

    def call(self, method, **fields):
        """One call with one answer. A call that found nobody is repeated: each is safe to repeat (see the schemas)."""
        call, request = self._calls[method]
        for tries in range(1, TRIES_MAX + 1):
            try:
                return self._to_json(call(request(**fields), timeout=CALL_SECONDS_MAX))
            except grpc.RpcError as failed:
                if failed.code() != grpc.StatusCode.UNAVAILABLE or tries == TRIES_MAX:
                    raise
                time.sleep(TRY_AGAIN_SECONDS)

    def watch(self, transfer_id, role, deadline, listener):
        """Follows a transfer live to its end: gives each new log entry to the listener, and at the end the transfer.

        deadline: by time.monotonic()
        """
        call, request = self._calls["WatchTransfer"]
        next_index, transfer = 1, {}
        while True:
            order = request(transfer_id=transfer_id, from_index=next_index, role=role)
            try:
                for update in map(self._to_json, call(order, timeout=deadline - time.monotonic())):
                    transfer = update["transfer"]
                    if "logEntry" in update:
                        next_index = update["logEntry"]["seqNumber"] + 1
                        listener(update["logEntry"])
                return transfer
            except grpc.RpcError as failed:
                # The gateway was away: go on where the stream broke.
                if failed.code() != grpc.StatusCode.UNAVAILABLE or time.monotonic() > deadline:
                    raise
                time.sleep(TRY_AGAIN_SECONDS)

    def close(self):
        self._channel.close()


def _certificate_of(address, identity, ca, cert, key):
    """The server's certificate in PEM, once it is known to be the gateway's.

    gRPC compares host names, and has no place for more here. So the certificate is looked at in a connection of its own, and
    gRPC is then told to trust this one certificate and no other.
    """
    host, port = address.rsplit(":", 1)
    context = ssl.create_default_context(cafile=ca)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_cert_chain(cert, key)
    with socket.create_connection((host, int(port)), timeout=CALL_SECONDS_MAX) as plain:
        with context.wrap_socket(plain, server_hostname=host) as connection:
            der = connection.getpeercert(binary_form=True)
    if identity not in keys.identities(x509.load_der_x509_certificate(der)):
        raise ValueError(f"the server at {address} is not {identity}")
    return ssl.DER_cert_to_PEM_cert(der).encode("ascii")
