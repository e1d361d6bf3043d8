// The list of transfers, live.

import { read } from "./api.js";
import { assetText, make, pause, shortName, standing, time, words } from "./page.js";

const PAGE = 50;
const PAUSE_MILLIS = 1000;
const COLUMNS = ["State", "Asset", "From", "To", "Other gateway", "Role", "Updated"];

/** Shows the newest transfers, and goes on reading them until `signal` aborts. */
export async function showList(view, signal, report) {
  const onlyRunning = make("input", { type: "checkbox", id: "running" });
  const body = make("tbody");
  const empty = make("p", { class: "empty", hidden: true }, "No transfers to show.");
  const older = make("button", { hidden: true, click: () => more(body, older, onlyRunning.checked, report) }, "Older");
  view.replaceChildren(
    make("div", { class: "heading" },
      make("h1", {}, "Transfers"),
      make("label", { for: "running" }, onlyRunning, " only those still running")),
    make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Transfers" },
      make("table", {},
        make("thead", {}, make("tr", {}, COLUMNS.map((name) => make("th", { scope: "col" }, name)))),
        body)),
    empty, older);
  while (!signal.aborted) {
    if (document.visibilityState === "visible") {
      await report(async () => {
        const answer = await read("/odap/v1/transfers", { pageSize: PAGE, unfinishedOnly: onlyRunning.checked || undefined });
        if (signal.aborted) return;
        update(body, answer.transfers || []);
        empty.hidden = body.rows.length > 0;
        if (older.hidden && answer.nextPageToken) {
          older.hidden = false;
          older.dataset.token = answer.nextPageToken;
        }
      });
    }
    await pause(PAUSE_MILLIS, signal);
  }
}

/** Rows keep their place and the focus in them: only what changed is written. */
function update(body, transfers) {
  const rows = new Map(Array.from(body.rows, (row) => [row.dataset.key, row]));
  const shown = new Set();
  let place = 0;
  for (const transfer of transfers) {
    const key = `${transfer.transferId}/${roleOf(transfer)}`;
    shown.add(key);
    let row = rows.get(key);
    if (row === undefined) row = make("tr", { "data-key": key });
    if (row.dataset.version !== version(transfer)) fill(row, transfer);
    if (body.rows[place] !== row) body.insertBefore(row, body.rows[place] || null);
    place++;
  }
  // Older pages that were asked for stay below.
  for (const [key, row] of rows) if (!shown.has(key) && !("older" in row.dataset)) row.remove();
}

function version(transfer) {
  return [transfer.updatedAt, transfer.state, transfer.outcome, Boolean(transfer.trouble), Boolean(transfer.awaitsDecision)].join(" ");
}

function fill(row, transfer) {
  row.dataset.version = version(transfer);
  const focused = row.contains(document.activeElement);
  const link = make("a", { href: `#/transfers/${transfer.transferId}/${roleOf(transfer)}`, title: transfer.transferId }, assetText(transfer));
  const cells = [
    standing(transfer), link, transfer.senderDltSystem || "", transfer.recipientDltSystem || "",
    shortName(transfer.peer), words(transfer.role, "GATEWAY_ROLE_"), time(transfer.updatedAt)];
  row.replaceChildren(...cells.map((cell, column) => make("td", { "data-label": COLUMNS[column] }, cell)));
  if (focused) link.focus();
}

async function more(body, button, onlyRunning, report) {
  await report(async () => {
    const answer = await read("/odap/v1/transfers", {
      pageSize: PAGE, pageToken: button.dataset.token, unfinishedOnly: onlyRunning || undefined });
    for (const transfer of answer.transfers || []) {
      const row = make("tr", { "data-key": `${transfer.transferId}/${roleOf(transfer)}`, "data-older": "" });
      fill(row, transfer);
      body.append(row);
    }
    button.dataset.token = answer.nextPageToken || "";
    button.hidden = !answer.nextPageToken;
  });
}

export function roleOf(transfer) {
  return transfer.role === "GATEWAY_ROLE_RECIPIENT" ? "recipient" : "sender";
}
