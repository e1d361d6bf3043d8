// One transfer as a sequence diagram: a list that is drawn as one, so that it can be read aloud and fits a phone.

import { DETOURS, MILESTONES, PHASES } from "./milestones.js";
import { make, shortHash, time, words } from "./page.js";

const WAYS = {
  "to-recipient": (names) => `${names.sender} to ${names.recipient}`,
  "to-sender": (names) => `${names.recipient} to ${names.sender}`,
  "sender-ledger": (names) => `${names.sender} on ${names.senderLedger}`,
  "recipient-ledger": (names) => `${names.recipient} on ${names.recipientLedger}`,
};

/** The diagram of one transfer. `names` are those of the two gateways and the two ledgers. */
export class Diagram {
  #names;
  #list = make("ol", { class: "diagram", "aria-label": "What happened, in order" });
  #rows = new Map();
  #phase = 0;
  #first = 0;
  #seen = new Set();

  constructor(names) {
    this.#names = names;
    this.element = make("section", { class: "sequence", "aria-label": "Sequence" },
      make("div", { class: "lanes", "aria-hidden": "true" },
        [names.senderLedger, names.sender, names.recipient, names.recipientLedger].map((name, lane) =>
          make("span", { class: lane % 3 === 0 ? "ledger" : "gateway", title: name }, name))),
      this.#list);
    for (const milestone of MILESTONES) if (!milestone.optional) this.#expect(milestone);
  }

  /** A message that was sent or received, and what came of its check. */
  message(type, message, entry, check) {
    const milestone = MILESTONES.find((one) => one.key === type);
    const way = check.signer === "recipient" ? "to-sender" : check.signer === "sender" ? "to-recipient" : milestone?.way || "to-recipient";
    const key = milestone ? type : `${type} ${check.hash}`;
    if (this.#seen.has(key)) return; // the log has a message once as sent and once as answered
    this.#seen.add(key);
    const asExpected = check.signer !== "" && check.payloadRight && (!milestone || milestone.way === way);
    this.#happened({ ...(milestone || { label: words(type.replace(/([a-z])([A-Z])/g, "$1 $2"), "") }), key, way }, entry, [
      make("span", { class: asExpected ? "good" : "bad" }, asExpected ? "✓ signature verified" : "✗ signature wrong"),
      make("span", { class: "mono", title: check.hash }, shortHash(check.hash)),
    ], message, asExpected ? "" : "wrong");
  }

  /** A ledger step that this gateway did, or that the other one claims. */
  step(name, claim, entry, claimed) {
    const milestone = MILESTONES.find((one) => one.key === name) || { key: name, ...DETOURS[name] };
    if (this.#seen.has(name) || milestone.label === undefined) return;
    this.#seen.add(name);
    const finality = claim.finality || {};
    this.#happened(milestone, entry, [
      make("span", { class: "mono", title: claim.transaction_id || "" }, `tx ${(claim.transaction_id || "").slice(0, 10)}…`),
      claim.block_number ? make("span", {}, `block ${claim.block_number}`) : undefined,
      make("span", { class: finality.final ? "good" : "" }, finality.final ? "✓ final" : "not final yet"),
      claimed ? make("span", { title: "Shown by the other gateway's signed claim" }, "as claimed") : undefined,
    ], claim, "");
  }

  /** A step that has begun and isn't done. */
  begun(name) {
    this.#rows.get(name)?.classList.add("begun");
  }

  /** Something that went wrong, or that a person decided. */
  note(text, entry, kind = "") {
    const key = kind === "" ? `note ${entry.seqNumber}` : text;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const row = make("li", { class: `note ${kind}` }, make("span", {}, text), " ", this.#when(entry));
    this.#placeAfterHappened(row);
  }

  /** The transfer has ended: what was still expected will not happen. */
  end() {
    for (const row of this.#list.querySelectorAll("li.expected")) row.remove();
    let heading;
    for (const row of Array.from(this.#list.children)) {
      if (row.className === "phase") {
        heading?.remove();
        heading = row;
      } else {
        heading = undefined;
      }
    }
    heading?.remove();
  }

  #expect(milestone) {
    if (milestone.phase > this.#phase) {
      this.#phase = milestone.phase;
      this.#list.append(make("li", { class: "phase" }, PHASES[milestone.phase]));
    }
    const row = make("li", { class: `event expected ${milestone.way}` }, this.#line(milestone, []));
    this.#rows.set(milestone.key, row);
    this.#list.append(row);
  }

  #happened(milestone, entry, facts, details, wrong) {
    const shown = make("li", { class: `event happened ${milestone.way} ${wrong}` },
      make("details", {},
        make("summary", {}, this.#line(milestone, [...facts, this.#when(entry)])),
        make("pre", { tabindex: "0" }, JSON.stringify(details, null, 2))));
    const row = this.#rows.get(milestone.key);
    if (row) row.replaceWith(shown);
    else this.#placeAfterHappened(shown);
    this.#rows.set(milestone.key, shown);
  }

  #line(milestone, facts) {
    return make("span", { class: "line" },
      make("span", { class: "label" },
        milestone.number ? make("span", { class: "number" }, milestone.number) : undefined, " ",
        milestone.label,
        milestone.commitPoint ? make("span", { class: "point" }, "point of no return") : undefined,
        make("span", { class: "unseen" }, `, ${WAYS[milestone.way](this.#names)}. `)),
      make("span", { class: "arrow", "aria-hidden": "true" }),
      make("span", { class: "facts" }, facts.filter((fact) => fact !== undefined)));
  }

  #placeAfterHappened(row) {
    const happened = Array.from(this.#list.querySelectorAll("li.happened, li.note"));
    if (happened.length === 0) this.#list.prepend(row);
    else happened.at(-1).after(row);
  }

  #when(entry) {
    const at = Number(entry.payload.recordedAt);
    if (this.#first === 0) this.#first = at;
    const shown = time(at);
    shown.textContent = `+${((at - this.#first) / 1000).toFixed(3)} s`;
    return shown;
  }
}
