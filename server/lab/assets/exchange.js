/** One request and its answer, as they went over the wire. */

import { learn, now } from "./clock.js";
import { page } from "./words.js";

const LIMIT = 10_000; // milliseconds
const OPTIONS = { credentials: "omit", redirect: "manual" };
const NAMES = { "www-authenticate": "WWW-Authenticate" };
const added = {};

/** The headers that the browser adds to each request of this method. Only the server can tell: no script sees them. */
async function headersAddedTo(method, own) {
  if (!added[method]) {
    const body = method === "POST" ? "{}" : undefined;
    const answer = await fetch("/lab/headers/", { ...OPTIONS, method, headers: own, body });
    added[method] = (await answer.json()).filter(([name]) => !["Accept", "Content-Type", "Content-Length"].includes(name));
  }
  return added[method];
}

/** Send a request of the page. Gives the whole exchange, also when no answer came (status 0). */
export async function exchange({ what, method, path, token = null, inHeader = false, data = null, secrets = [] }) {
  const own = { Accept: "application/json" };
  if (inHeader && token) own[page.header] = `${page.scheme} ${token.text}`;
  const body = data === null ? null : JSON.stringify(data);
  if (body !== null) own["Content-Type"] = "application/json";
  const result = { what, method, path, token, own, body, secrets, time: now(), status: 0, statusText: "", responseHeaders: [], text: "", data: null, reason: null };
  try {
    const answer = await fetch(path, { ...OPTIONS, method, headers: own, body, signal: AbortSignal.timeout(LIMIT) });
    result.text = await answer.text();
    result.status = answer.status;
    result.statusText = answer.statusText;
    result.responseHeaders = [...answer.headers].map(([name, value]) => [titled(name), value]);
    result.data = json(result.text);
    learn(answer.headers.get("Date"));
  } catch {
    result.status = 0;
  }
  result.reason = result.status >= 400 ? reason(result.data) ?? result.statusText : null;
  result.requestHeaders = await wholeHeaders(result);
  return result;
}

async function wholeHeaders({ method, own, body }) {
  const { [page.header]: _token, ...plain } = own;
  const others = await headersAddedTo(method, plain).catch(() => [["Host", location.host]]);
  const length = body === null ? [] : [["Content-Length", String(new TextEncoder().encode(body).length)]];
  return [...others, ...length, ...Object.entries(own)];
}

function titled(name) {
  return NAMES[name] ?? name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The most telling sentence of a refusal: a message, else the detail, else the first field's. */
export function reason(data) {
  if (Array.isArray(data)) return data.length ? reason(data[0]) : null;
  if (data === null || typeof data !== "object") return data === null ? null : String(data);
  const message = data.messages?.[0]?.message;
  if (message) return String(message);
  if (data.detail !== undefined) return reason(data.detail);
  const [first] = Object.entries(data);
  return first ? `${first[0]}: ${reason(first[1])}` : null;
}

/** The request as text: request line, headers, empty line, body. */
export function requestText({ method, path, requestHeaders, body, secrets }) {
  let shown = body ?? "";
  // A password is never shown, whatever the switch says.
  for (const secret of secrets) shown = shown.replaceAll(JSON.stringify(secret), '"•••"');
  return [`${method} ${path} HTTP/1.1`, ...lines(requestHeaders), "", shown].join("\n").trimEnd();
}

/** The response as text: status line, headers, empty line, body. */
export function responseText({ status, statusText, responseHeaders, text }) {
  return [`HTTP/1.1 ${status} ${statusText}`, ...lines(responseHeaders), "", text].join("\n");
}

const lines = (headers) => headers.map(([name, value]) => `${name}: ${value}`);
