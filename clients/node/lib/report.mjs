// Verdicts as a person reads them.

/** Prints a verdict; gives the exit code: 0 = the evidence holds, 1 = it does not. */
export function report({ findings, end, entries, messages }) {
  for (const { rule, log, entry, what } of findings) {
    console.log(`NOT ${rule}: ${log || "bundle"}${entry > 0 ? `, entry ${entry}` : ""}: ${what}`);
  }
  console.log(
    findings.length === 0
      ? `The evidence holds: ${end}. ${entries} log entries and ${messages} messages verified.`
      : `The evidence does not hold: ${findings.length} findings.`,
  );
  return findings.length === 0 ? 0 : 1;
}
