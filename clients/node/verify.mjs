// Verifies an evidence file without any network.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parse } from "./lib/canonical.mjs";
import { verify } from "./lib/evidence.mjs";
import { report } from "./lib/report.mjs";
import { trusting } from "./lib/trust.mjs";

const HELP = "usage: node verify.mjs BUNDLE.json --trust ORGANIZATION=ENTITY-CERTIFICATE.pem ...";

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { trust: { type: "string", multiple: true, default: [] } },
  });
  if (positionals.length !== 1 || values.trust.length === 0) {
    throw new Error(HELP);
  }
  return report(verify(parse(readFileSync(positionals[0])), trusting(values.trust)));
}

try {
  process.exitCode = main();
} catch (failed) {
  console.error(failed.message);
  process.exitCode = 2;
}
