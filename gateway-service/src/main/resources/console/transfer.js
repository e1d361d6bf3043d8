// One transfer: how it stands, its sequence diagram, its log's chain, its evidence, and what may be done with it.

import { order, read, watch } from "./api.js";
import { ask, attempt } from "./ask.js";
import { Diagram } from "./diagram.js";
import { Chain, checkMessage } from "./evidence.js";
import { assetText, make, pause, shortHash, shortName, standing, tell, time, words } from "./page.js";

const RETRY_MILLIS = 1500;
const CLAIMS = ["lock_evidence_claim", "commit_final_claim", "commit_acknowledgement_claim"];
const ENDED = (transfer) => transfer.outcome !== "TRANSFER_OUTCOME_RUNNING";

/** Shows a transfer and follows it to its end, or until `signal` aborts. */
export async function showTransfer(view, signal, report, self, id, role) {
  const query = { role: `GATEWAY_ROLE_${role.toUpperCase()}` };
  const path = `/odap/v1/transfers/${id}`;
  let first = await report(() => read(path, query));
  while (first === undefined && !signal.aborted) {
    await pause(RETRY_MILLIS, signal);
    first = await report(() => read(path, query));
  }
  if (signal.aborted) return;
  const shown = new Shown(view, self, first, role, path);
  let next = 1;
  while (!signal.aborted) {
    const failed = await report(async () => {
      await watch(`${path}/events`, { ...query, fromIndex: String(next) }, async (event) => {
        if (event.logEntry) {
          next = event.logEntry.seqNumber + 1;
          await shown.entry(event.logEntry);
        }
        shown.standing(event.transfer);
      }, signal);
      return "ended";
    });
    if (failed === "ended") {
      const last = await report(() => read(path, query));
      if (last !== undefined) {
        shown.rights(last);
        shown.standing(last.transfer);
        if (ENDED(last.transfer)) return shown.end();
      }
    }
    await pause(RETRY_MILLIS, signal);
  }
}

/** What is on the page of one transfer. */
class Shown {
  #facts = make("dl", { class: "facts-list" });
  #state = make("span", {});
  #trouble = make("p", { class: "banner", hidden: true });
  #actions = make("div", { class: "actions", role: "group", "aria-label": "Actions" });
  #chain = new Chain();
  #chainRows = make("tbody");
  #chainVerdict = make("p", { class: "verdict" }, "No entries yet.");
  #entries = 0;
  #broken = 0;
  #keys = { sender: new Set(), recipient: new Set() };
  #path;
  #side;
  #transfer;
  #permitted = [];
  #diagram;

  constructor(view, self, answer, role, path) {
    this.#path = path;
    this.#side = role;
    const transfer = answer.transfer;
    const other = shortName(transfer.peer);
    this.#diagram = new Diagram({
      sender: role === "sender" ? shortName(self) : other,
      recipient: role === "sender" ? other : shortName(self),
      senderLedger: transfer.senderDltSystem || "",
      recipientLedger: transfer.recipientDltSystem || "",
    });
    view.replaceChildren(
      make("p", {}, make("a", { href: "#/" }, "← All transfers")),
      make("div", { class: "heading" }, make("h1", {}, assetText(transfer) || "Transfer"), this.#state),
      make("p", { class: "mono id" }, transfer.transferId),
      this.#trouble, this.#facts, this.#actions, this.#diagram.element,
      make("section", { class: "chain", "aria-label": "Log" },
        make("h2", {}, "Log of this gateway"), this.#chainVerdict,
        make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Log entries" },
          make("table", {},
            make("thead", {}, make("tr", {},
              ["#", "Entry", "Time", "Hash", "Chain", "Signed"].map((name) => make("th", { scope: "col" }, name)))),
            this.#chainRows))));
    this.rights(answer);
    this.standing(transfer);
  }

  /** What the caller may do here, as the gateway says it. */
  rights(answer) {
    this.#permitted = answer.permissions || [];
  }

  standing(transfer) {
    const was = this.#transfer;
    this.#transfer = transfer;
    this.#state.replaceChildren(standing(transfer));
    const account = (text) => make("span", { class: "mono wrap" }, text || "not chosen yet");
    const facts = [
      ["From", account(transfer.origin)], ["To", account(transfer.destination)],
      ["Other gateway", shortName(transfer.peer)], ["This gateway is", words(transfer.role, "GATEWAY_ROLE_")],
      ["Started", time(transfer.startedAt)],
      ["Lock ends", Number(transfer.expiryTime) > 0 ? time(transfer.expiryTime) : "not agreed yet"],
    ];
    if (transfer.approvalsNeeded) facts.push(["Approvals", `${(transfer.approvals || []).length} of ${transfer.approvalsNeeded}`]);
    if (transfer.reason) facts.push(["Why it ended", `${words(transfer.reason, "ERROR_REASON_")}: ${transfer.description || ""}`]);
    this.#facts.replaceChildren(...facts.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))));
    const met = transfer.trouble;
    this.#trouble.hidden = met === undefined;
    this.#trouble.textContent = met
      ? `${met.effect}, ${met.attempts} times since ${new Date(Number(met.since)).toLocaleTimeString()}: ${met.description || met.reason}` : "";
    if (was?.outcome !== transfer.outcome && was !== undefined) tell(`The transfer is ${words(transfer.outcome, "TRANSFER_OUTCOME_")}.`);
    this.#showActions();
  }

  /** The whole log was shown. */
  end() {
    this.#diagram.end();
  }

  async entry(entry) {
    this.#keys.sender.add(entry.sourceGatewayPubkey);
    this.#keys.recipient.add(entry.recipientGatewayPubkey);
    await this.#link(entry);
    const content = entry.payload.content;
    if (content === undefined) return;
    const type = content["@type"].split(".").pop();
    if (content.envelope) {
      const check = await checkMessage(content, this.#keys);
      this.#diagram.message(type, content, entry, check);
      if (check.signer !== this.#side) {
        for (const claim of CLAIMS) if (content[claim]) this.#diagram.step(content[claim].step, content[claim], entry, true);
      }
    } else if (type === "StepIntent") {
      this.#diagram.begun(content.step);
    } else if (type === "StepDone") {
      this.#diagram.step(content.claim.step, content.claim, entry, false);
    } else if (type === "Failure" && content.reason) {
      this.#diagram.note(`${words(content.reason, "ERROR_REASON_")} (${content.origin || "self"}): ${content.description || ""}`, entry);
    } else if (content.approver) {
      this.#diagram.note(`approved by ${content.approver}`, entry, "approval");
    }
  }

  async #link(entry) {
    const { right, linked, signed } = await this.#chain.check(entry, this.#keys[this.#side]);
    this.#entries++;
    if (!right || !linked || !signed) this.#broken++;
    this.#chainRows.append(make("tr", {},
      make("td", {}, String(entry.seqNumber)), make("td", { class: "mono" }, entry.payload.message),
      make("td", {}, time(entry.payload.recordedAt)),
      make("td", { class: "mono", title: entry.logEntryHash }, shortHash(entry.logEntryHash)),
      make("td", { class: right && linked ? "good" : "bad" }, right ? (linked ? "✓ linked" : "✗ not linked") : "✗ hash wrong"),
      make("td", { class: signed ? "" : "bad" }, !signed ? "✗ signature wrong" : entry.messageSignature ? "✓ verified" : "by a later entry")));
    this.#chainVerdict.textContent = this.#broken === 0
      ? `✓ ${this.#entries} ${this.#entries === 1 ? "entry" : "entries"}, each continues the one before.` : `✗ ${this.#broken} of ${this.#entries} entries are not as they must be.`;
    this.#chainVerdict.className = this.#broken === 0 ? "verdict good" : "verdict bad";
  }

  #showActions() {
    const may = (permission) => this.#permitted.includes(permission);
    const transfer = this.#transfer;
    const buttons = [];
    if (transfer.awaitsDecision && may("APPROVE")) {
      buttons.push(this.#button("Approve", "primary", () => this.#decide(true)), this.#button("Decline", "", () => this.#decide(false)));
    }
    if (!ENDED(transfer) && may("CANCEL")) {
      buttons.push(this.#button("Cancel transfer", "danger", () => this.#cancel()));
    }
    buttons.push(this.#button("Download evidence", "", () => this.#download()));
    const names = buttons.map((button) => button.textContent).join();
    if (names !== this.#actions.dataset.names) {
      this.#actions.dataset.names = names;
      this.#actions.replaceChildren(...buttons);
    }
  }

  #button(name, kind, act) {
    return attempt(name, kind, (problem) => {
      this.#trouble.hidden = false;
      this.#trouble.textContent = problem;
    }, act);
  }

  #decide(approve) {
    const decide = async (reason) => this.#answered(await order(`${this.#path}/decision`, { approve, reason, role: this.#transfer.role }));
    return approve
      ? ask({ title: "Approve this transfer?", text: `${assetText(this.#transfer)} for ${this.#transfer.destination || "an account of ours"}.`, word: "Approve", needsReason: false }, decide)
      : ask({ title: "Decline this transfer?", text: "The other gateway is told why.", word: "Decline", needsReason: true }, decide);
  }

  #cancel() {
    return ask({
      title: "Cancel this transfer?", word: "Cancel transfer", needsReason: true,
      text: "Both ledgers go back to how they were. After the point of no return this is refused.",
    }, async (reason) => this.#answered(await order(`${this.#path}/cancel`, { reason, role: this.#transfer.role })));
  }

  #answered(answer) {
    this.standing(answer.transfer);
  }

  async #download() {
    const answer = await read(`${this.#path}/evidence`);
    const url = URL.createObjectURL(new Blob([JSON.stringify(answer.bundle, null, 2)], { type: "application/json" }));
    make("a", { href: url, download: `evidence-${this.#transfer.transferId}.json` }).click();
    URL.revokeObjectURL(url);
  }
}
