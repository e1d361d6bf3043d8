// One gateway's log taken apart: what it said and heard, what its ledger did, who it is. Nothing of it is believed yet.
import { chains, publicKey } from "./keys.mjs";
import { message } from "./messages.mjs";

const MESSAGE = "odap.peer.v1.";
const RECORD = "odap.storage.v1.";

/** The full name of the type of an entry's content; empty where there is none. */
function typeOf({ payload }) {
  const url = payload.content?.["@type"] ?? "";
  return url.slice(url.lastIndexOf("/") + 1);
}

/** Reads an odap.storage.v1.GatewayLog; what is not of the published form is an error. */
export function logOf({ role, gateway, certificates, peer_certificates: peerCertificates, entries }) {
  const log = {
    role,
    gateway,
    sender: role === "sender",
    entries,
    chains: chains(certificates ?? []),
    peerChains: chains(peerCertificates ?? []),
    /** Every message once, in the log's order. */
    messages: [],
    /** StepIntent, StepDone and Failure, each with the number of its entry. */
    intents: [],
    steps: [],
    failures: [],
    finding: (rule, entry, what) => ({ rule, log: role, entry, what }),
    /** Whether an entry's content is of the suite's types, or says that it may be skipped. */
    known: (entry) => entry.ignorable === true || typeOf(entry) === "" || typeOf(entry).startsWith("odap."),
    holds: (hash) => log.messages.some((heard) => heard.hash === hash),
    /** Whether the sender gateway is the one that must have signed a message. */
    bySender: ({ type, clientKey }) => {
      if (type.phase !== "ODAP_PHASE_NONE") {
        return type.request;
      }
      const senderAsks = (log.sender ? log.keys : log.peerKeys).includes(clientKey);
      return type.request === senderAsks;
    },
  };
  log.keys = log.chains.map(([certificate]) => publicKey(certificate));
  log.peerKeys = log.peerChains.map(([certificate]) => publicKey(certificate));
  log.peer = log.sender ? entries[0].targetGatewayId : entries[0].sourceGatewayId;
  log.recordedFirst = Number(entries[0].payload.recordedAt);
  log.recordedLast = Number(entries.at(-1).payload.recordedAt);
  entries.forEach((entry, index) => take(log, entry, index + 1));
  return log;
}

function take(log, entry, index) {
  const type = typeOf(entry);
  const { "@type": _, ...content } = entry.payload.content ?? {};
  if (type.startsWith(MESSAGE)) {
    const heard = message(type.slice(MESSAGE.length), content);
    if (!log.holds(heard.hash)) {
      log.messages.push({ index, ...heard });
    }
  } else if (type === `${RECORD}StepIntent`) {
    log.intents.push({ index, step: content.step });
  } else if (type === `${RECORD}StepDone`) {
    log.steps.push({ index, claim: content.claim ?? {} });
  } else if (type === `${RECORD}Failure`) {
    log.failures.push({ index, ...content });
  }
}
