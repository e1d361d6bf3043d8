// A client's connection to one gateway: mutual TLS 1.3, and only to the one named.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import grpc from "@grpc/grpc-js";
import { names, publicKey } from "./keys.mjs";
import { methods } from "./schemas.mjs";

const CALL_MILLIS_MAX = 10_000;
const TRIES_MAX = 5;
const TRY_AGAIN_MILLIS = 300;
const RECONNECT_MILLIS_MAX = 2_000;
const ANSWER_BYTES_MAX = 64 << 20;

const TransferService = grpc.makeGenericClientConstructor(methods("odap.client.v1.TransferService"), "TransferService");

/** Connects at the first call; files are read at once. */
export class Gateway {
  /**
   * @param address host and port
   * @param identity of the gateway, e.g. "odapgw://alpha.example/gateway-1": no other server is talked to
   * @param tls names of files: ca = the entity certificate of the gateway's organization, cert and key = the client's own
   */
  constructor(address, identity, { ca, cert, key }) {
    this.identity = identity;
    this.tls = { ca: readFileSync(ca), cert: readFileSync(cert), key: readFileSync(key) };
    this.publicKey = publicKey(new X509Certificate(this.tls.cert));
    const credentials = grpc.credentials.createSsl(this.tls.ca, this.tls.key, this.tls.cert, {
      checkServerIdentity: (_, certificate) => identityFault(identity, certificate),
    });
    this.service = new TransferService(address, credentials, {
      // What the server is asked for by name; that it is the one is checked above.
      "grpc.ssl_target_name_override": new URL(identity).host,
      "grpc.max_receive_message_length": ANSWER_BYTES_MAX,
      // A gateway comes back within seconds; gRPC alone would soon look for it every two minutes only.
      "grpc.initial_reconnect_backoff_ms": TRY_AGAIN_MILLIS,
      "grpc.max_reconnect_backoff_ms": RECONNECT_MILLIS_MAX,
    });
  }

  /** One call with one answer. A call that found nobody is repeated: each is safe to repeat (see the schemas). */
  async call(method, request) {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#once(method, request);
      } catch (failed) {
        if (failed.code !== grpc.status.UNAVAILABLE || tries === TRIES_MAX) {
          throw failed;
        }
        await delay(TRY_AGAIN_MILLIS);
      }
    }
  }

  #once(method, request) {
    const deadline = Date.now() + CALL_MILLIS_MAX;
    return new Promise((resolve, reject) =>
      this.service[method](request, { deadline }, (failed, answer) => (failed ? reject(failed) : resolve(answer))),
    );
  }

  /** Follows a transfer live to its end: gives each new log entry to the listener, and at the end the transfer. */
  async watch(transferId, role, deadline, listener) {
    let transfer;
    let next = 1;
    for (;;) {
      try {
        const request = { transfer_id: transferId, from_index: next, role };
        for await (const update of this.service.WatchTransfer(request, { deadline })) {
          transfer = update.transfer;
          if (update.logEntry !== undefined) {
            next = update.logEntry.seqNumber + 1;
            listener(update.logEntry, transfer);
          }
        }
        return transfer;
      } catch (failed) {
        // The gateway was away: go on where the stream broke.
        if (failed.code !== grpc.status.UNAVAILABLE || Date.now() > deadline) {
          throw failed;
        }
        await delay(TRY_AGAIN_MILLIS);
      }
    }
  }

  close() {
    this.service.close();
  }
}

/** Why a server is not the gateway meant; undefined when it is. */
export function identityFault(identity, certificate) {
  return names(new X509Certificate(certificate.raw), identity)
    ? undefined
    : new Error(`the server's certificate does not name ${identity}`);
}
