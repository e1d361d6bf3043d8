// Runs a transfer between two gateways, watches it to its end, and verifies what both recorded of it.
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parse } from "./lib/canonical.mjs";
import { verify } from "./lib/evidence.mjs";
import { Gateway } from "./lib/gateway.mjs";
import { report } from "./lib/report.mjs";
import { trusting } from "./lib/trust.mjs";

const HELP = `usage: node transfer.mjs
  --gateway HOST:PORT --identity URI --ca PEM --cert PEM --key PEM                 the sender gateway, and whom it knows you as
  --peer-gateway HOST:PORT --peer-identity URI --peer-ca PEM --peer-cert PEM --peer-key PEM         the recipient gateway
  --from LEDGER --to LEDGER --asset-profile URI (--amount N | --asset-id N)
  --origin ACCOUNT --destination ACCOUNT
  [--request-id ID] makes a repeat harmless   [--out FILE] keeps the evidence   [--seconds N] waits at most so long (120)`;

const CONNECTION = ["gateway", "identity", "ca", "cert", "key"];
const REQUIRED = [
  ...CONNECTION,
  ...CONNECTION.map((name) => `peer-${name}`),
  ...["from", "to", "asset-profile", "origin", "destination"],
];
const OPTIONAL = { amount: "", "asset-id": "", "request-id": randomUUID(), out: "", seconds: "120" };

function options() {
  const text = (name) => [name, { type: "string", default: OPTIONAL[name] }];
  const names = [...REQUIRED, ...Object.keys(OPTIONAL)];
  const { values } = parseArgs({ options: Object.fromEntries(names.map(text)) });
  const missing = REQUIRED.filter((name) => values[name] === undefined);
  if (missing.length > 0 || !values.amount === !values["asset-id"]) {
    throw new Error(`${missing.length > 0 ? `missing: --${missing.join(", --")}\n` : ""}${HELP}`);
  }
  return values;
}

function connect(values, prefix) {
  const [address, identity, ca, cert, key] = CONNECTION.map((name) => values[prefix + name]);
  return new Gateway(address, identity, { ca, cert, key });
}

async function main() {
  const values = options();
  const sender = connect(values, "");
  const recipient = connect(values, "peer-");
  try {
    await describe(sender);
    await describe(recipient);
    const { transfer } = await sender.call("StartTransfer", {
      request_id: values["request-id"],
      sender_dlt_system: values.from,
      recipient_gateway: recipient.identity,
      recipient_dlt_system: values.to,
      asset_profile_id: values["asset-profile"],
      asset: { asset_id: values["asset-id"], amount: values.amount },
      origin: values.origin,
      originator_pubkey: sender.publicKey,
      destination: values.destination,
      beneficiary_pubkey: recipient.publicKey,
    });
    console.log(`transfer ${transfer.transferId}`);
    const deadline = Date.now() + Number(values.seconds) * 1000;
    await watch(sender, "SENDER", transfer.transferId, deadline);
    await watch(recipient, "RECIPIENT", transfer.transferId, deadline);
    return await prove(values, sender, recipient, transfer.transferId);
  } finally {
    sender.close();
    recipient.close();
  }
}

async function describe(gateway) {
  const about = await gateway.call("DescribeGateway", {});
  const ledgers = about.ledgers.map(({ dltSystem, ledgerKind }) => `${dltSystem} (${ledgerKind ?? "not reached yet"})`);
  console.log(`${about.gateway}: ledgers ${ledgers.join(", ")}`);
}

async function watch(gateway, role, transferId, deadline) {
  const end = await gateway.watch(transferId, `GATEWAY_ROLE_${role}`, deadline, ({ phaseId, payload }) =>
    console.log(`  ${role.toLowerCase().padEnd(9)} ${phaseId}.${payload.step ?? 0} ${payload.message}`),
  );
  console.log(`  ${role.toLowerCase().padEnd(9)} ${end.state} ${end.description ?? ""}`.trimEnd());
}

/** Has both gateways' logs exported, and verifies them as anybody could who knows the organizations' certificates. */
async function prove(values, sender, recipient, transferId) {
  const exports = [];
  for (const gateway of [sender, recipient]) {
    exports.push((await gateway.call("ExportEvidence", { transfer_id: transferId })).bundle);
  }
  const logs = exports.flatMap((bundle) => bundle.logs);
  // As a file, as a third party would get it.
  const file = JSON.stringify({ ...exports[0], logs }, null, 2);
  if (values.out !== "") {
    writeFileSync(values.out, file);
  }
  const trust = trusting([
    `${new URL(sender.identity).host}=${values.ca}`,
    `${new URL(recipient.identity).host}=${values["peer-ca"]}`,
  ]);
  const verdict = verify(parse(file), trust);
  return report(verdict) === 0 && verdict.end === "COMPLETED" ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (failed) {
  console.error(failed.message);
  process.exitCode = 2;
}
