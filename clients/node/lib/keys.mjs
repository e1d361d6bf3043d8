// Keys, signatures and certificates with Node's own crypto.
import { createPublicKey, verify as verifySignature, X509Certificate } from "node:crypto";

/** SubjectPublicKeyInfo of a P-256 key up to its uncompressed point: the one form in which keys are written. */
const P256_PREFIX = Buffer.from("3059301306072a8648ce3d020106082a8648ce3d03010703420004", "hex");

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Whether an ES256 signature (r and s in base64url) is this key's over the data; malformed ones are not. */
export function verifies(publicKey, data, signature) {
  const key = p256(publicKey);
  const raw = base64url(signature);
  return (
    key !== undefined &&
    raw?.length === 64 &&
    verifySignature("sha256", Buffer.from(data), { key, dsaEncoding: "ieee-p1363" }, raw)
  );
}

function p256(text) {
  const der = base64url(text);
  if (der?.length !== P256_PREFIX.length + 64 || !der.subarray(0, P256_PREFIX.length).equals(P256_PREFIX)) {
    return undefined;
  }
  try {
    return createPublicKey({ key: der, format: "der", type: "spki" });
  } catch {
    return undefined; // The point is not on the curve.
  }
}

function base64url(text) {
  if (typeof text !== "string") {
    return undefined;
  }
  const bytes = Buffer.from(text, "base64url");
  // Node skips what is no base64url; a key or signature has one spelling only.
  return bytes.toString("base64url") === text ? bytes : undefined;
}

/** The certificates of PEM texts, as chains: each begins with a certificate that is no authority. */
export function chains(pems) {
  const all = [];
  for (const pem of pems) {
    const blocks = pem.match(PEM_BLOCK);
    if (blocks === null || pem.replaceAll(PEM_BLOCK, "").trim() !== "") {
      throw new Error("not a PEM certificate, or something beside it");
    }
    all.push(...blocks.map((block) => new X509Certificate(block)));
  }
  const chains = [];
  for (const certificate of all) {
    if (chains.length === 0 || !certificate.ca) {
      chains.push([]);
    }
    chains.at(-1).push(certificate);
  }
  return chains;
}

/** A certificate's key as messages write it. */
export function publicKey(certificate) {
  return certificate.publicKey.export({ format: "der", type: "spki" }).toString("base64url");
}

/** Whether a certificate names an identity in a URI subject alternative name. */
export function names(certificate, identity) {
  // Node writes values with characters that mean something here in quotes, so that none can pose as two.
  return (certificate.subjectAltName ?? "").split(", ").includes(`URI:${identity}`);
}

/** What is wrong with a chain of an identity that is to have been valid from first to last (milliseconds). */
export function chainFaults(chain, identity, first, last, trust) {
  const faults = [];
  if (!names(chain[0], identity)) {
    faults.push(`the certificate does not name ${identity}`);
  }
  for (const [index, certificate] of chain.entries()) {
    const who = certificate.subject.replaceAll("\n", ", ");
    if (!(Date.parse(certificate.validFrom) <= first && last <= Date.parse(certificate.validTo))) {
      faults.push(`the certificate of ${who} was not valid when the log was written`);
    }
    const issuer = chain[index + 1];
    if (issuer !== undefined && !(issuer.ca && certificate.verify(issuer.publicKey))) {
      faults.push(`the certificate of ${who} is not signed by the next, or that is no authority`);
    }
  }
  const known = trust.get(organization(identity)) ?? [];
  if (!known.some((entity) => entity.raw.equals(chain.at(-1).raw))) {
    faults.push(`the last certificate is not the one known of ${organization(identity) ?? "nobody"}`);
  }
  return faults;
}

/** The organization of an identity: "alpha.example" of "odapgw://alpha.example/gateway-1". */
function organization(identity) {
  return /^[a-z]+:\/\/([^/]+)\/.+$/.exec(identity)?.[1];
}
