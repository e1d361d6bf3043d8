// Holds this client against the published test vectors (docs/test-vectors), as any other implementation would.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { canonical, parse, sha256, without } from "../lib/canonical.mjs";
import { verify } from "../lib/evidence.mjs";
import { verifies } from "../lib/keys.mjs";
import { formFaults, message } from "../lib/messages.mjs";
import { patched } from "./patch.mjs";

function vectors(name) {
  return parse(readFileSync(new URL(`../../../docs/test-vectors/${name}.json`, import.meta.url), "utf8"));
}

const keys = vectors("keys");
const trust = new Map(Object.entries(vectors("evidence/trust")).map(([who, pem]) => [who, [new X509Certificate(pem)]]));
const ends = vectors("evidence/ends");

test("every message has the bytes, hash and signature that are published", () => {
  for (const vector of vectors("messages")) {
    const heard = message(vector.type.replace("odap.peer.v1.", ""), vector.message);
    assert.equal(heard.text, vector.canonical);
    assert.equal(heard.hash, vector.hash);
    assert.deepEqual(formFaults(heard, vector.message.envelope.session_id), []);
    assert.ok(verifies(keys[vector.signed_by].public_key, heard.text, heard.envelope.message_signature), vector.type);
  }
});

test("every log entry has the bytes, hashes and signature that are published", () => {
  for (const { entry, canonical_payload: payload, canonical_entry: whole } of vectors("log")) {
    assert.equal(canonical(entry.payload), payload);
    assert.equal(sha256(payload), entry.payloadHash);
    assert.equal(canonical(without(entry, "payload", "logEntryHash", "messageSignature")), whole);
    assert.equal(sha256(whole), entry.logEntryHash);
    if (entry.messageSignature !== undefined) {
      const hash = Buffer.from(entry.logEntryHash, "hex");
      assert.ok(verifies(keys.recipient.public_key, hash, entry.messageSignature));
    }
  }
});

test("canonical JSON", (t) => {
  const { values, without_form: refused } = vectors("canonical");
  for (const vector of values) {
    assert.equal(canonical(parse(vector.json)), vector.canonical, vector.json);
    assert.equal(sha256(vector.canonical), vector.hash);
  }
  for (const json of refused) {
    assert.throws(() => canonical(parse(json)), Error, json);
  }
  t.diagnostic(`${values.length} values made canonical, ${refused.length} refused`);
});

for (const [name, end] of Object.entries(ends)) {
  test(`true evidence holds: ${name}`, () => {
    const verdict = verify(vectors(`evidence/${name}`), trust);
    assert.deepEqual(verdict.findings, []);
    assert.equal(verdict.end, end);
  });
}

for (const { name, of, finding, patch } of vectors("evidence/broken")) {
  test(`found out: ${name}`, () => {
    const { findings } = verify(patched(vectors(`evidence/${of}`), patch), trust);
    // What is wrong with the bundle as such may be found before its logs are told apart.
    const found = findings.some(({ rule, log }) => rule === finding.rule && (rule === "bundle" || log === finding.log));
    assert.ok(found, `expected ${JSON.stringify(finding)}, found ${JSON.stringify(findings.slice(0, 5), null, 1)}`);
  });
}
