// The gateway's REST binding (API type 1). Who calls is known by the browser's certificate, or by a token.

let token = "";

/** Uses an OAuth 2.0 access token from now on; it is never stored. */
export function useToken(value) {
  token = value.trim();
}

/** What the gateway answers when it refuses: problem+json (RFC 9457) with the suite's reason. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `The gateway answered ${status}.`);
    this.status = status;
    this.reason = body.reason || "";
    this.fields = (body.errors || []).map((error) => `${error.field}: ${error.description}`);
  }
}

function headers(more) {
  return token === "" ? more : { ...more, Authorization: `Bearer ${token}` };
}

async function fail(response) {
  const body = await response.json().catch(() => ({}));
  throw new Problem(response.status, body);
}

/** GET: reads. */
export async function read(path, query = {}) {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== undefined));
  const response = await fetch(search.size === 0 ? path : `${path}?${search}`, {
    headers: headers({ Accept: "application/json" }),
  });
  return response.ok ? response.json() : fail(response);
}

/** POST: orders something. The key makes a repeat harmless. */
export async function order(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: headers({
      Accept: "application/json",
      "Content-Type": "application/json",
      "Idempotency-Key": crypto.randomUUID(),
    }),
    body: JSON.stringify(body),
  });
  return response.ok ? response.json() : fail(response);
}

/**
 * Server-sent events, each given to `take` as JSON, until the server ends the stream or `signal` aborts.
 * Read with fetch, because EventSource can't carry a token.
 */
export async function watch(path, query, take, signal) {
  const response = await fetch(`${path}?${new URLSearchParams(query)}`, {
    headers: headers({ Accept: "text/event-stream" }),
    signal,
  });
  if (!response.ok) await fail(response);
  const lines = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await lines.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop();
    for (const block of blocks) await takeEvent(block, take);
  }
}

async function takeEvent(block, take) {
  let event = "message";
  const data = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith("event:")) event = line.slice(6).trim();
    if (line.startsWith("data:")) data.push(line.slice(5).trimStart());
  }
  if (data.length === 0 || event === "end") return; // a heartbeat, or the last that comes
  const body = JSON.parse(data.join("\n"));
  if (event === "error") throw new Problem(body.status || 500, body);
  await take(body);
}
