// Which view is shown, and what happens when the gateway can't be asked.

import { Problem, read, useToken } from "./api.js";
import { showGateway } from "./gateway.js";
import { showList } from "./list.js";
import { shortName, trouble } from "./page.js";
import { showTransfer } from "./transfer.js";

const TRANSFER = /^#\/transfers\/([0-9a-f-]{36})\/(sender|recipient)$/;

let showing = new AbortController();
let self = "";

/** Runs something that asks the gateway; what goes wrong is shown above the page, and gives undefined. */
async function report(ask) {
  try {
    const answer = await ask();
    trouble();
    return answer;
  } catch (problem) {
    if (problem.name === "AbortError") return undefined;
    if (problem instanceof Problem && problem.status === 401) await askForToken();
    else if (problem instanceof Problem) trouble([problem.message, ...problem.fields].join(" "));
    else if (problem instanceof TypeError) trouble("The gateway does not answer. Trying again.");
    else throw problem;
    return undefined;
  }
}

async function askForToken() {
  const dialog = document.getElementById("credential");
  const field = document.getElementById("token");
  if (!dialog.open) dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  useToken(field.value);
  field.value = "";
}

async function knowGateway() {
  const answer = await report(() => read("/odap/v1/gateway"));
  if (answer === undefined) return;
  self = answer.gateway || "";
  document.getElementById("gateway").textContent = shortName(self);
  document.title = `ODAP ${shortName(self)}`;
}

async function show() {
  showing.abort();
  showing = new AbortController();
  const { signal } = showing;
  const view = document.getElementById("view");
  if (self === "") await knowGateway();
  if (signal.aborted) return;
  const found = TRANSFER.exec(location.hash);
  if (found) await showTransfer(view, signal, report, self, found[1], found[2]);
  else if (location.hash === "#/gateway") await showGateway(view, signal, report);
  else await showList(view, signal, report);
}

window.addEventListener("hashchange", () => {
  show();
  document.getElementById("view").focus();
});
show();
