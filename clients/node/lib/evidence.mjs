// Verifies what gateways recorded of a transfer, with nothing but the file (docs/evidence.md; the rules' names are from there).
import { canonical, sha256, without } from "./canonical.mjs";
import { chainFaults, verifies } from "./keys.mjs";
import { formFaults } from "./messages.mjs";
import { logOf } from "./log.mjs";
import { ledgerFindings } from "./ledger.mjs";
import { outcome } from "./outcome.mjs";

const BUNDLE_MEMBERS = ["format_version", "transfer_id", "logs"];
const LOG_MEMBERS = ["role", "gateway", "certificates", "peer_certificates", "entries"];

/**
 * Verifies a bundle.
 *
 * @param bundle the parsed JSON of an odap.storage.v1.EvidenceBundle
 * @param trust Map of organization to the certificates (X509Certificate) of its entity
 * @return findings, each {rule, log, entry, what}; end, one of docs/evidence.md; and numbers of what was checked
 */
export function verify(bundle, trust) {
  try {
    const findings = bundleFindings(bundle);
    return findings.length > 0 ? refused(findings) : verdict(bundle.transfer_id, bundle.logs.map(logOf), trust);
  } catch (unreadable) {
    return refused([{ rule: "bundle", log: "", entry: 0, what: `it can't be read: ${unreadable.message}` }]);
  }
}

function refused(findings) {
  return { findings, end: "UNFINISHED", entries: 0, messages: 0 };
}

function verdict(session, logs, trust) {
  const { end, findings: contradictions } = outcome(logs);
  const findings = [
    ...logs.flatMap((log) => [
      ...certificateFindings(log, trust, logs),
      ...chainFindings(log),
      ...frameFindings(log, session),
      ...messageFindings(log, logs, session),
      ...ledgerFindings(log, session),
    ]),
    ...agreementFindings(logs),
    ...contradictions,
  ];
  const messages = new Set(logs.flatMap((log) => log.messages.map((heard) => heard.hash)));
  return { findings, end, entries: logs.flatMap((log) => log.entries).length, messages: messages.size };
}

function bundleFindings(bundle) {
  const about = (what) => ({ rule: "bundle", log: "", entry: 0, what });
  if (bundle?.format_version !== 1 || typeof bundle.transfer_id !== "string" || !Array.isArray(bundle.logs)) {
    return [about("no evidence bundle of format 1")];
  }
  const stranger = [[bundle, BUNDLE_MEMBERS], ...bundle.logs.map((log) => [log ?? {}, LOG_MEMBERS])]
    .flatMap(([object, members]) => Object.keys(object).filter((name) => !members.includes(name)))
    .at(0);
  if (stranger !== undefined) {
    // It is under no signature: anybody may have put it there.
    return [about(`it holds a member nobody knows: ${stranger}`)];
  }
  const roles = bundle.logs.map((log) => log?.role).join(", ");
  if (!["sender", "recipient", "sender, recipient"].includes(roles)) {
    return [about(`logs: ${roles} (expected: sender, recipient, or one of them)`)];
  }
  return bundle.logs
    .filter((log) => !Array.isArray(log.entries) || log.entries.length === 0)
    .map((log) => about(`the ${log.role}'s log has no entries`));
}

function certificateFindings(log, trust, logs) {
  const findings = [];
  const look = (identity, chains) => {
    if (chains.length === 0) {
      findings.push(log.finding("certificate", 0, `no certificate of ${identity}`));
    }
    for (const chain of chains) {
      const faults = chainFaults(chain, identity, log.recordedFirst, log.recordedLast, trust);
      if (!chain.at(-1).raw.equals(chains[0].at(-1).raw)) {
        faults.push("a backup's certificate is of another entity");
      }
      findings.push(...faults.map((fault) => log.finding("certificate", 0, `${identity}: ${fault}`)));
    }
  };
  look(log.gateway, log.chains);
  // Messages are verified with these keys too: a log's owner may not slip in one for the other gateway.
  look((logs.find((other) => other !== log) ?? { gateway: log.peer }).gateway, log.peerChains);
  return findings;
}

function chainFindings(log) {
  const findings = [];
  const first = log.entries[0];
  let before = "";
  log.entries.forEach((entry, index) => {
    const wrong = (what) => findings.push(log.finding("chain", index + 1, what));
    if (entry.seqNumber !== index + 1) {
      wrong(`seqNumber: ${entry.seqNumber} (expected: ${index + 1})`);
    }
    if ((entry.lastEntryHash ?? "") !== before) {
      wrong("lastEntryHash is not the hash of the entry before");
    }
    for (const field of ["sessionId", "sourceGatewayPubkey", "recipientGatewayPubkey"]) {
      if (entry[field] !== first[field]) {
        wrong(`${field} is another than in the first entry`);
      }
    }
    if (entry.payloadHash !== sha256(canonical(entry.payload))) {
      wrong("payloadHash is not the hash of the payload");
    }
    if (!log.known(entry)) {
      wrong("content of a type nobody knows, in an entry that does not say it may be skipped");
    }
    const hash = sha256(canonical(without(entry, "payload", "logEntryHash", "messageSignature")));
    if (entry.logEntryHash !== hash) {
      wrong("logEntryHash is not the hash of the entry");
    }
    const signature = entry.messageSignature ?? "";
    const signed = signature !== "" || index + 1 === log.entries.length;
    // Over the hash that was computed here: what the entry says of itself was compared above.
    if (signed && !log.keys.some((key) => verifies(key, Buffer.from(hash, "hex"), signature))) {
      wrong(signature === "" ? "no signature covers the end of the log" : "the signature does not verify");
    }
    before = entry.logEntryHash;
  });
  return findings;
}

function frameFindings(log, session) {
  const findings = [];
  log.entries.forEach((entry, index) => {
    const expect = (what, actual, expected) => {
      if (actual !== expected) {
        findings.push(log.finding("frame", index + 1, `${what}: ${actual} (expected: ${expected})`));
      }
    };
    expect("sessionId", entry.sessionId, session);
    expect("sourceGatewayPubkey", entry.sourceGatewayPubkey, (log.sender ? log.keys : log.peerKeys)[0]);
    expect("recipientGatewayPubkey", entry.recipientGatewayPubkey, (log.sender ? log.peerKeys : log.keys)[0]);
    const own = log.sender ? entry.sourceGatewayId : entry.targetGatewayId;
    expect("own identity", own ?? log.gateway, log.gateway);
  });
  return findings;
}

function messageFindings(log, logs, session) {
  const findings = [];
  const introduced = new Set([log.keys[0], log.peerKeys[0]]);
  const before = [];
  for (const heard of log.messages) {
    const add = (rule, what) => findings.push(log.finding(rule, heard.index, `${heard.name}: ${what}`));
    formFaults(heard, session).forEach((fault) => add("message", fault));
    if (heard.name === "Recover") {
      (heard.fields.earlier_pubkeys ?? []).forEach((key) => introduced.add(key));
      if (heard.fields.backup === true) {
        introduced.add(heard.clientKey);
      }
    }
    if (!isSigned(heard, certifiedKeys(logs, log.bySender(heard)), introduced)) {
      add("signature", "it does not verify under a key its author may sign with");
    }
    const fault = linkFault(heard, before, log, logs);
    if (fault !== undefined) {
      add("link", fault);
    }
    before.push(heard);
  }
  return findings;
}

/** The keys that certificates of either log give the sender or the recipient gateway. */
function certifiedKeys(logs, ofSender) {
  return logs.flatMap((log) => (log.sender === ofSender ? log.keys : log.peerKeys));
}

function isSigned(heard, certified, introduced) {
  const named = heard.type.request ? heard.clientKey : heard.serverKey;
  return certified
    .filter((key) => introduced.has(key) && (key === named || named === ""))
    .some((key) => verifies(key, heard.text, heard.envelope.message_signature));
}

function linkFault(heard, before, log, logs) {
  const { name, type, previous } = heard;
  const last = (wanted) => before.findLast((one) => one.name === wanted);
  if (name === "InitializationRequest") {
    const denial = last("InitializationDenied")?.hash ?? "";
    return previous === denial ? undefined : "it does not carry the hash of the denial it answers";
  }
  if (name === "Rollback" || name === "Recover") {
    return namesAnyKnown(heard, before, log, logs) ? undefined : "it does not carry the hash of a message of this session";
  }
  const threePhase = last("InitializationRequest")?.fields.commit_protocol === "COMMIT_PROTOCOL_THREE_PHASE";
  const wanted = name === "CommitFinal" && threePhase ? "PreCommitAck" : type.predecessor;
  const several = type.phase === "ODAP_PHASE_NONE";
  const predecessor = several ? before.find((one) => one.name === wanted && one.hash === previous) : last(wanted);
  if (predecessor === undefined || predecessor.hash !== previous) {
    return `it does not carry the hash of the ${wanted}`;
  }
  if (!type.request && heard.envelope.sequence_number !== predecessor.envelope.sequence_number) {
    return "its sequence number is not that of its request";
  }
  if (name === "TransferComplete" && heard.fields.hash_transfer_commence !== last("TransferCommence")?.hash) {
    return "it does not carry the hash of the TransferCommence";
  }
  return undefined;
}

/** A rollback or a recovery names the last message its author knew, which the other gateway need not have got. */
function namesAnyKnown(heard, before, log, logs) {
  if (log.bySender(heard) !== log.sender) {
    return logs.length === 1 || logs.some((one) => one.holds(heard.previous));
  }
  return before.some((one) => one.hash === heard.previous) || (before.length === 0 && heard.previous === "");
}

function agreementFindings(logs) {
  const findings = [];
  const numbered = new Map();
  for (const log of logs) {
    for (const heard of log.messages) {
      const author = log.bySender(heard) ? "sender" : "recipient";
      const count = [author, heard.name.startsWith("Recover"), heard.type.request, heard.envelope.sequence_number].join();
      if ((numbered.get(count) ?? heard.hash) !== heard.hash) {
        findings.push(log.finding("number", heard.index, `the ${author} signed another message under this number`));
      }
      numbered.set(count, heard.hash);
    }
  }
  const [one, other] = logs;
  if (other !== undefined) {
    for (const [reader, author] of [[one, other], [other, one]]) {
      reader.messages
        .filter((heard) => reader.bySender(heard) === author.sender && !author.holds(heard.hash))
        .forEach((heard) => findings.push(author.finding("hidden", 0, `it lacks its own ${heard.name}`)));
      if (reader.peerKeys[0] !== author.keys[0]) {
        findings.push(reader.finding("peer-key", 0, `it knew ${author.gateway} by another key`));
      }
    }
  }
  return findings;
}
