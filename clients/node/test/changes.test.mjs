// Nothing in true evidence may change unnoticed: every single member is changed and taken away in turn.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import test from "node:test";
import { parse } from "../lib/canonical.mjs";
import { verify } from "../lib/evidence.mjs";

const folder = new URL("../../../docs/test-vectors/evidence/", import.meta.url);
const read = (name) => parse(readFileSync(new URL(`${name}.json`, folder)));
const trust = new Map(Object.entries(read("trust")).map(([who, pem]) => [who, [new X509Certificate(pem)]]));

/** Every place in a JSON value: what holds it and under which name. */
function* places(value) {
  for (const name of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    yield [value, name];
    if (typeof value[name] === "object") {
      yield* places(value[name]);
    }
  }
}

function otherThan(value) {
  switch (typeof value) {
    case "string":
      return value.endsWith("1") ? `${value.slice(0, -1)}2` : `${value.slice(0, -1)}1`;
    case "number":
      return value + 1;
    case "boolean":
      return !value;
    default:
      return Array.isArray(value) ? value.slice(0, -1) : { ...value, stranger: "1" };
  }
}

function isLast(bundle, entry) {
  return bundle.logs.some((log) => log.entries.at(-1) === entry);
}

/** Changes every so many-th member in turn; gives the number of changes tried. */
function changeOneByOne(bundle, step) {
  let changes = 0;
  const expectRefused = (what, holder, name) => {
    changes++;
    assert.notDeepEqual(verify(bundle, trust).findings, [], `${what}: ${name} of ${JSON.stringify(holder).slice(0, 200)}`);
  };
  for (const [index, [holder, name]] of [...places(bundle)].entries()) {
    if (index % step !== 0 || name === "logs" || name === "entries") {
      continue; // One gateway's log alone is evidence too, and so is a log up to a signed entry.
    }
    const value = holder[name];
    holder[name] = otherThan(value);
    expectRefused("changed", holder, name);
    // A signature before the last one only says again what the later one covers.
    const spare = name === "messageSignature" && !isLast(bundle, holder);
    if (!Array.isArray(holder) && !spare) {
      delete holder[name];
      expectRefused("taken away", holder, name);
    }
    holder[name] = value;
  }
  return changes;
}

test("no member of true evidence can be changed or taken away", (t) => {
  let changes = 0;
  for (const [name, step] of [["refused", 1], ["completed", 20]]) {
    const bundle = read(name);
    changes += changeOneByOne(bundle, step);
    assert.deepEqual(verify(bundle, trust).findings, []);
  }
  t.diagnostic(`${changes} changes, each found`);
});
