// Says how a transfer stands and follows it to its end, over HTTP and JSON instead of gRPC.
import { parseArgs } from "node:util";
import { Edge } from "./lib/rest.mjs";

const HELP = `usage: node watch.mjs TRANSFER --edge https://HOST:PORT --identity URI --ca PEM --cert PEM --key PEM
  [--role sender|recipient]`;
const REQUIRED = ["edge", "identity", "ca", "cert", "key"];

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...Object.fromEntries(REQUIRED.map((name) => [name, { type: "string" }])),
      role: { type: "string", default: "sender" },
    },
  });
  if (positionals.length !== 1 || REQUIRED.some((name) => values[name] === undefined)) {
    throw new Error(HELP);
  }
  const [transferId] = positionals;
  const role = `GATEWAY_ROLE_${values.role.toUpperCase()}`;
  const edge = new Edge(values.edge, values.identity, values);
  const status = async () => (await edge.get(`/odap/v1/transfers/${encodeURIComponent(transferId)}`, { role })).transfer;
  console.log(`now ${(await status()).state}`);
  await edge.watch(transferId, role, ({ logEntry }) => {
    if (logEntry !== undefined) {
      console.log(`  ${values.role.padEnd(9)} ${logEntry.phaseId}.${logEntry.payload.step ?? 0} ${logEntry.payload.message}`);
    }
  });
  const { state, outcome } = await status();
  console.log(`ended ${state}`);
  return outcome === "TRANSFER_OUTCOME_COMPLETED" ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (failed) {
  console.error(failed.message);
  process.exitCode = 2;
}
