// Small things every view needs.

/** An element with attributes, listeners (functions) and children; text is text, never markup. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.flat().filter((child) => child !== undefined));
  return element;
}

/** "TRANSFER_OUTCOME_ROLLED_BACK" as "rolled back". */
export function words(value, prefix) {
  return (value || "").replace(prefix, "").replaceAll("_", " ").toLowerCase();
}

/** The name of a gateway without its scheme. */
export function shortName(identity) {
  return (identity || "").replace(/^[a-z]+:\/\//, "");
}

export function shortHash(hash) {
  return hash ? `${hash.slice(0, 8)}…` : "";
}

/** Time of day of UNIX milliseconds, with the whole instant for whoever points at it. */
export function time(millis) {
  const at = new Date(Number(millis));
  return make("time", { datetime: at.toISOString(), title: at.toISOString() }, at.toLocaleTimeString());
}

export function assetText(transfer) {
  const asset = transfer.asset || {};
  const profile = (transfer.assetProfileId || "").split(/[/:]/).pop();
  return `${asset.amount || asset.asset_id || ""} ${profile}`.trim();
}

/** How a transfer stands, in words and a color of its own. */
export function standing(transfer) {
  if (transfer.outcome !== "TRANSFER_OUTCOME_RUNNING") {
    const outcome = words(transfer.outcome, "TRANSFER_OUTCOME_");
    return make("span", { class: `chip ${outcome.replace(" ", "-")}` }, outcome);
  }
  if (transfer.disputed) return make("span", { class: "chip rolled-back" }, "disputed");
  if (transfer.awaitsDecision) return make("span", { class: "chip waiting" }, "waits for approval");
  if (transfer.trouble) return make("span", { class: "chip waiting" }, "in trouble");
  return make("span", { class: "chip running" }, words(transfer.state, ""));
}

/** Tells a screen reader, and nobody else. */
export function tell(text) {
  document.getElementById("news").textContent = text;
}

/** Shows what went wrong above everything; nothing when all is well. */
export function trouble(text = "") {
  const banner = document.getElementById("trouble");
  banner.textContent = text;
  banner.hidden = text === "";
}

/** Waits, at most until `signal` aborts. */
export function pause(millis, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener("abort", () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
