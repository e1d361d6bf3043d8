// The same gateway over HTTP and JSON: mutual TLS 1.3, answers in the JSON mapping, a watch as server-sent events.
import { readFileSync } from "node:fs";
import https from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import { identityFault } from "./gateway.mjs";

const TRIES_MAX = 5;
const TRY_AGAIN_MILLIS = 300;

/** A problem the gateway answered with (RFC 9457): nothing that a repeat would mend. */
export class Problem extends Error {
  constructor(status, { reason, title, detail }) {
    super(`${status} ${reason ?? ""}: ${detail ?? title ?? "no answer of a gateway"}`);
  }
}

/** One gateway's HTTP edge; no other server than the one named is talked to. */
export class Edge {
  constructor(url, identity, { ca, cert, key }) {
    this.url = url;
    this.tls = {
      ca: readFileSync(ca),
      cert: readFileSync(cert),
      key: readFileSync(key),
      minVersion: "TLSv1.3",
      servername: new URL(identity).host,
      checkServerIdentity: (_, certificate) => identityFault(identity, certificate),
    };
  }

  /** What the gateway answers to a GET. */
  async get(path, query) {
    const answer = await this.#open(path, query, { accept: "application/json" });
    return JSON.parse(await text(answer));
  }

  /** Follows a transfer live to its end: gives each update to the listener. A stream that breaks goes on where it was. */
  async watch(transferId, role, listener) {
    let lastEventId;
    for (let tries = 1; ; tries++) {
      try {
        const resuming = lastEventId === undefined ? {} : { "last-event-id": lastEventId };
        const path = `/odap/v1/transfers/${encodeURIComponent(transferId)}/events`;
        const stream = await this.#open(path, { role }, { accept: "text/event-stream", ...resuming });
        for await (const { id, event, data } of events(stream)) {
          if (event === "end") {
            return;
          }
          if (event === "error") {
            throw new Problem("", JSON.parse(data));
          }
          lastEventId = id ?? lastEventId;
          listener(JSON.parse(data));
          tries = 1;
        }
        throw new Error("the stream ended before the transfer");
      } catch (failed) {
        if (failed instanceof Problem || tries >= TRIES_MAX) {
          throw failed;
        }
        await delay(TRY_AGAIN_MILLIS);
      }
    }
  }

  #open(path, query, headers) {
    const url = new URL(path, this.url);
    url.search = new URLSearchParams(query).toString();
    return new Promise((resolve, reject) => {
      const request = https.get(url, { ...this.tls, headers }, (answer) => {
        answer.setEncoding("utf8");
        if (answer.statusCode === 200) {
          resolve(answer);
        } else {
          text(answer).then((body) => reject(new Problem(answer.statusCode, asJson(body))), reject);
        }
      });
      request.on("error", reject);
    });
  }
}

function asJson(body) {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}

async function text(stream) {
  let all = "";
  for await (const part of stream) {
    all += part;
  }
  return all;
}

/** Server-sent events: lines "field: value", an empty line ends an event, a colon begins a comment. */
async function* events(stream) {
  let rest = "";
  let event = {};
  for await (const part of stream) {
    const lines = (rest + part).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      if (line === "") {
        if (event.data !== undefined) {
          yield event;
        }
        event = {};
      } else if (!line.startsWith(":")) {
        const [field, value] = line.split(/: ?(.*)/s);
        event[field] = field === "data" && event.data !== undefined ? `${event.data}\n${value}` : value;
      }
    }
  }
}
