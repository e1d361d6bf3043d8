// Orders of a person: nothing that can't be taken back happens by one click.

import { Problem } from "./api.js";
import { make, tell } from "./page.js";

/** Asks whether it is meant, and why where that is recorded; then acts. */
export async function ask({ title, text, word, needsReason }, act) {
  const dialog = document.getElementById("order");
  const reason = document.getElementById("reason");
  document.getElementById("order-title").textContent = title;
  document.getElementById("order-text").textContent = text;
  document.getElementById("order-go").textContent = word;
  document.getElementById("order-reason").hidden = !needsReason;
  reason.required = needsReason;
  reason.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  if (dialog.returnValue !== "go") return;
  await act(reason.value.trim());
  tell(`${word}: done.`);
}

/** A button that acts, and gives what the gateway refuses to `refused`. */
export function attempt(name, kind, refused, act) {
  const button = make("button", { type: "button", class: kind, click: async () => {
    button.disabled = true;
    try {
      await act();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      refused([problem.message, ...problem.fields].join(" "));
      tell(problem.message);
    } finally {
      button.disabled = false;
    }
  } }, name);
  return button;
}
