// JSON as it is hashed and signed: RFC 8785 over what JSON.parse gives (docs/test-vectors).
import { createHash } from "node:crypto";

/**
 * Reads JSON, given as text or as bytes in UTF-8. What readers take differently is refused: a member that stands twice in one
 * object, bytes that are no UTF-8.
 */
export function parse(json) {
  const text = typeof json === "string" ? json : new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(json);
  const value = JSON.parse(text);
  const written = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter((string) => string[1]).length;
  if (written !== members(value)) {
    throw new Error("a member stands twice in one object");
  }
  return value;
}

function members(value) {
  if (value === null || typeof value !== "object") {
    return 0;
  }
  const values = Object.values(value);
  const own = Array.isArray(value) ? 0 : values.length;
  return values.reduce((sum, one) => sum + members(one), own);
}

/** The canonical text of a value; what has none is an error. */
export function canonical(value) {
  switch (typeof value) {
    case "boolean":
      return String(value);
    case "number":
      // The schemas have whole numbers only, and 64-bit ones are strings.
      if (!Number.isSafeInteger(value)) {
        throw new Error(`number: ${value} (expected: a whole number below 2^53)`);
      }
      return String(value);
    case "string":
      if (!value.isWellFormed()) {
        throw new Error("a string with a lone surrogate");
      }
      return JSON.stringify(value);
    case "object":
      if (value === null) {
        return "null";
      }
      return Array.isArray(value) ? `[${value.map(canonical).join(",")}]` : canonicalObject(value);
    default:
      throw new Error(`no JSON: ${typeof value}`);
  }
}

function canonicalObject(value) {
  // Without a comparator, sort() orders by UTF-16 code units, as RFC 8785 asks.
  const members = Object.keys(value)
    .sort()
    .map((name) => `${canonical(name)}:${canonical(value[name])}`);
  return `{${members.join(",")}}`;
}

/** SHA-256 in lower-case hex, of a text's UTF-8 or of bytes. */
export function sha256(data) {
  return createHash("sha256").update(data).digest("hex");
}

/** The object without some of its members. */
export function without(object, ...names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
