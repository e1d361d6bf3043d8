// The gateway itself: what is behind it, whether it takes transfers, and what an operator may order.

import { order, read } from "./api.js";
import { ask, attempt } from "./ask.js";
import { make, pause, shortName, time, words } from "./page.js";

const PAUSE_MILLIS = 2000;

const ORDERS = [
  { name: "Pause", path: "pause", halts: true, text: "Nothing new is taken. Transfers that have begun go on to their end." },
  { name: "Drain", path: "drain", halts: true, text: "Nothing new is taken until nothing is left." },
  { name: "Maintenance", path: "maintenance", halts: true, text: "As a drain, and the gateway says that it is not ready." },
  { name: "Resume", path: "resume", halts: false, text: "All halts end: the gateway takes transfers again." },
];

/** Shows the gateway, and what is ordered of it live, until `signal` aborts. */
export async function showGateway(view, signal, report) {
  const answer = await report(() => read("/odap/v1/gateway"));
  if (answer === undefined || signal.aborted) return;
  const operations = make("section", { "aria-label": "Operations" });
  const actions = make("div", { class: "actions", role: "group", "aria-label": "Orders" });
  view.replaceChildren(
    make("h1", {}, shortName(answer.gateway)),
    make("dl", { class: "facts-list" },
      [["Identity", answer.gateway], ["Public key", answer.pubkey], ["Version", answer.softwareVersion],
        ["Other gateways", (answer.peers || []).join(", ")], ["Asset profiles", (answer.assetProfileIds || []).join(", ")]]
        .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", { class: "mono wrap" }, value || "none")))),
    make("h2", {}, "Operations"), operations, actions,
    make("h2", {}, "Ledgers"), ledgers(answer.ledgers || []));
  if (!(answer.permissions || []).includes("OPERATE")) {
    operations.replaceChildren(make("p", { class: "empty" }, "Only operators see and order what the gateway takes."));
    return;
  }
  actions.replaceChildren(...ORDERS.map((one) => button(one, operations)));
  while (!signal.aborted) {
    const now = await report(() => read("/odap/v1/operations"));
    if (now !== undefined) show(operations, now.operations || {});
    await pause(PAUSE_MILLIS, signal);
  }
}

function ledgers(all) {
  const rows = all.map((ledger) => make("tr", {},
    make("td", { "data-label": "Ledger" }, ledger.dltSystem), make("td", { "data-label": "Kind" }, ledger.ledgerKind || ""),
    make("td", { "data-label": "Answers", class: ledger.reachable ? "good" : "bad" }, ledger.reachable ? "✓ yes" : "✗ no"),
    make("td", { "data-label": "Can do" }, (ledger.capabilities || []).map((one) => words(one, "")).join(", "))));
  return make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Ledgers" },
    make("table", {},
      make("thead", {}, make("tr", {}, ["Ledger", "Kind", "Answers", "Can do"].map((name) => make("th", { scope: "col" }, name)))),
      make("tbody", {}, rows)));
}

function show(place, operations) {
  const halts = (operations.halts || []).map((halt) => make("li", {},
    make("strong", {}, words(halt.kind, "HALT_KIND_")), ` of ${scope(halt.scope)} by ${halt.orderedBy || "somebody"} since `,
    time(halt.orderedAt), `: ${halt.reason}`));
  const limits = (operations.limits || []).map((limit) => make("li", {}, `${limit.name}: ${limitText(limit)}`));
  place.replaceChildren(
    make("p", {}, make("span", { class: operations.accepting ? "chip completed" : "chip paused" },
      operations.accepting ? "takes transfers" : "takes nothing new"),
      ` ${operations.inFlight || 0} in flight${operations.drained ? "; drained: it can be stopped" : ""}.`),
    make("ul", {}, halts), limits.length === 0 ? "" : make("div", {}, make("h3", {}, "Limits"), make("ul", {}, limits)));
}

function scope(given = {}) {
  return [given.counterparty, given.dltSystem, given.assetProfileId].filter(Boolean).join(" and ") || "everything";
}

function limitText(limit) {
  const within = limit.periodSeconds ? ` in ${limit.periodSeconds} s` : "";
  return [
    limit.amountMax && `at most ${limit.amountMax} a transfer`, limit.sumMax && `at most ${limit.sumMax}${within}`,
    limit.numberMax && `at most ${limit.numberMax} transfers${within}`, limit.inFlightMax && `at most ${limit.inFlightMax} at a time`,
    limit.counterparty && `with ${limit.counterparty}`, limit.assetProfileId && `of ${limit.assetProfileId}`,
  ].filter(Boolean).join(", ");
}

function button(one, place) {
  return attempt(one.name, one.halts ? "danger" : "", (problem) => place.prepend(make("p", { class: "banner" }, problem)), () =>
    ask({ title: `${one.name}?`, text: one.text, word: one.name, needsReason: one.halts }, async (reason) => {
      const answer = await order(`/odap/v1/operations/${one.path}`, { reason });
      show(place, answer.operations || {});
    }));
}
