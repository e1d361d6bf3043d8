// Checks what the gateway shows, here in the browser: hashes, the log's chain, and signatures (docs/test-vectors).

const SIGNATURES = ["client_signature", "server_signature"];
const encoder = new TextEncoder();

/** RFC 8785 of the JSON that messages and log entries have: no fractions occur in it. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const members = Object.keys(value).sort();
    return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** SHA-256, lower-case hex. */
export async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function without(value, names) {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

function bytes(base64url) {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

async function verifies(pubkey, signature, signed) {
  try {
    const key = await crypto.subtle.importKey(
      "spki", bytes(pubkey), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, bytes(signature), signed);
  } catch {
    return false; // neither a key nor a signature
  }
}

/** A message as it was signed: without the type that the log adds, and without its signatures. */
function signedForm(message) {
  const bare = without(message, ["@type", ...SIGNATURES]);
  return { ...bare, envelope: without(bare.envelope, ["message_signature"]) };
}

/**
 * Checks one message under the keys known of both gateways.
 * Gives its hash, whose key signed it ("sender", "recipient", or "" when neither did), and whether its
 * payload hash is right.
 */
export async function checkMessage(message, keys) {
  const signed = canonical(signedForm(message));
  const payload = canonical(without(message, ["@type", "envelope", ...SIGNATURES]));
  const signature = message.envelope.message_signature || "";
  let signer = "";
  for (const side of ["sender", "recipient"]) {
    for (const key of keys[side]) {
      if (signer === "" && (await verifies(key, signature, encoder.encode(signed)))) signer = side;
    }
  }
  return {
    hash: await sha256(signed),
    signer,
    payloadRight: (await sha256(payload)) === message.envelope.payload_hash,
  };
}

/** The chain of one log, entry by entry as they come. */
export class Chain {
  #previous = "";

  /**
   * Whether the entry's own hashes are right, whether it continues the log, and whether its signature is by
   * one of the log keeper's keys. An entry without one is covered by the next that has one.
   */
  async check(entry, keys) {
    const payloadHash = await sha256(canonical(entry.payload));
    const hash = await sha256(canonical(without(entry, ["payload", "logEntryHash", "messageSignature"])));
    const right = payloadHash === entry.payloadHash && hash === entry.logEntryHash;
    const linked = (entry.lastEntryHash || "") === this.#previous;
    this.#previous = entry.logEntryHash;
    let signed = entry.messageSignature === undefined;
    const hashBytes = Uint8Array.from(hash.match(/../g), (pair) => parseInt(pair, 16));
    for (const key of keys) signed ||= await verifies(key, entry.messageSignature, hashBytes);
    return { right, linked, signed };
  }
}
