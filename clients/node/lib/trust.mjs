// Whom the reader of evidence trusts.
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

/** Reads options like "alpha.example=alpha/pki/entity.pem" into a map of organization to certificates. */
export function trusting(options) {
  const trust = new Map();
  for (const option of options) {
    const [organization, file] = option.split(/=(.*)/s);
    if (!file) {
      throw new Error(`--trust: ${option} (expected: organization=file)`);
    }
    const known = trust.get(organization) ?? [];
    trust.set(organization, [...known, new X509Certificate(readFileSync(file))]);
  }
  return trust;
}
