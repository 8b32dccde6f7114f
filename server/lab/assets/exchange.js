/** One request and its response, as they went over the wire. */

import { learn, now } from "./clock.js";
import { addressOf, page } from "./words.js";

const LIMIT = 10_000; // milliseconds
// Without cookies, so that nothing but the token says who asks. A hub or a codespace in front of the server wants the
// cookie that it gave: there the page has a path before it, or https, which no server of the workshop speaks by itself.
const FORWARDED = location.protocol === "https:" || location.pathname !== "/";
const OPTIONS = { credentials: FORWARDED ? "same-origin" : "omit", redirect: "manual" };
const NAMES = { "www-authenticate": "WWW-Authenticate" };
const MARK = "X-Token-Lab"; // asks the development server how far the token came
const added = {};

/** The headers that the browser adds to each request of this method. Only the server can tell: no script sees them. */
async function headersAddedTo(method, own) {
  if (!added[method]) {
    const body = method === "POST" ? "{}" : undefined;
    const response = await fetch("lab/headers/", { ...OPTIONS, method, headers: own, body });
    added[method] = (await response.json()).filter(([name]) => !["Accept", "Content-Type", "Content-Length", MARK].includes(name));
  }
  return added[method];
}

/** Send a request of the page. Gives the whole exchange, also when no response came (status 0). */
export async function exchange({ what, method, path, token = null, inHeader = false, data = null, secrets = [], repeated = false }) {
  const own = { Accept: "application/json" };
  if (inHeader && token) own[page.header] = `${page.scheme} ${token.text}`;
  const body = data === null ? null : JSON.stringify(data);
  if (body !== null) own["Content-Type"] = "application/json";
  const id = Math.random().toString(16).slice(2, 10).padEnd(8, "0");
  const result = { id, what, method, path, token, own, body, secrets, repeated, time: now(), status: 0, statusText: "", responseHeaders: [], text: "", data: null, reason: null, passage: null, timedOut: false };
  try {
    const response = await fetch(addressOf(path), { ...OPTIONS, method, headers: { ...own, [MARK]: id }, body, signal: AbortSignal.timeout(LIMIT) });
    result.text = await response.text();
    result.status = response.status;
    result.statusText = response.statusText;
    result.responseHeaders = [...response.headers].map(([name, value]) => [titled(name), value]);
    result.data = json(result.text);
    result.passage = json(response.headers.get(MARK));
    learn(response.headers.get("Date"));
  } catch (error) {
    result.status = 0;
    result.timedOut = error.name === "TimeoutError";
  }
  result.reason = result.status >= 400 ? reason(result.data) ?? result.statusText : null;
  return result;
}

/** The headers that the page did not write: what the browser added to the request. */
export async function browserHeaders({ method, own, body }) {
  const { [page.header]: _token, ...plain } = own;
  const others = await headersAddedTo(method, plain).catch(() => [["Host", location.host]]);
  return body === null ? others : [...others, ["Content-Length", String(new TextEncoder().encode(body).length)]];
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
