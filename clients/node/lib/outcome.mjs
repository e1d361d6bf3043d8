// What came of a transfer (docs/evidence.md, "What came of it").
import { claimOf, stepName } from "./ledger.mjs";

/** How it ended, and the contradictions to the rule "outcome". */
export function outcome(logs) {
  const shown = new Set(logs.flatMap((log) => log.steps.map((done) => stepName(done.claim))));
  for (const claim of logs.flatMap((log) => log.messages.map(claimOf)).filter(Boolean)) {
    shown.add(stepName(claim));
  }
  const did = (step) => shown.has(step);
  const senderAlone = logs.length === 1 && logs[0].sender;
  const findings = [
    ["recipient", did("CREATE") && !did("FINALIZE_LOCK") && !senderAlone, "created, though nobody showed it extinguished"],
    ["sender", did("FINALIZE_LOCK") && did("UNLOCK"), "both extinguished and given back"],
    ["recipient", did("CREATE") && did("WITHDRAW"), "both created and withdrawn"],
    ["recipient", did("FINALIZE_LOCK") && !did("CREATE") && did("WITHDRAW"), "extinguished, and withdrawn without being created"],
  ]
    .filter(([, contradicts]) => contradicts)
    .map(([log, , what]) => ({ rule: "outcome", log, entry: 0, what: `the asset was ${what}` }));
  return { findings, end: findings.length > 0 ? "BROKEN" : end(logs, did) };
}

function end(logs, did) {
  if (did("FINALIZE_LOCK")) {
    return did("CREATE") ? "COMPLETED" : "UNFINISHED";
  }
  if (logs.every((log) => log.failures.length === 0)) {
    return "UNFINISHED";
  }
  if (!logs.some((log) => log.messages.some((heard) => heard.name === "TransferCommence"))) {
    return "REFUSED";
  }
  const owed = (did("LOCK") && !did("UNLOCK")) || (did("LOG_INCOMING") && !did("WITHDRAW"));
  return owed ? "UNFINISHED" : "ROLLED_BACK";
}
