/** The wire view: request and response, what matters first, and the browser's own headers folded away. */

import { coloured } from "./coloured.js";
import { announce, byId, el } from "./dom.js";
import { browserHeaders } from "./exchange.js";
import { snippet } from "./snippets.js";
import { nameOf, signOf, wallet } from "./wallet.js";
import { page, t } from "./words.js";

const FIRST = ["WWW-Authenticate", "Retry-After", "Content-Type", "Allow"];
const OURS = "X-Token-Lab";
const drawn = new Map();

/** Draw the exchange that is shown, and the pinned one beside it. */
export function drawWire() {
  if (byId("wire").hidden) return;
  const { shown, pinned } = wallet;
  place("wire-shown", shown);
  byId("wire-pinned").hidden = !pinned || pinned === shown;
  if (pinned && pinned !== shown) place("wire-pinned", pinned, true);
  for (const button of document.querySelectorAll("[data-copy]")) button.disabled = !shown?.own;
}

/** A view is drawn anew only for another exchange, language or switch: what is unfolded stays so. */
function place(id, exchange, pinned = false) {
  const key = [exchange?.id, byId("whole").checked, page.language, exchange?.faded].join();
  if (drawn.get(id) === key) return;
  drawn.set(id, key);
  byId(id).replaceChildren(...(exchange ? view(exchange, pinned) : [el("p", {}, t("nothing_sent"))]));
}

function view(exchange, pinned) {
  const title = [pinned ? `${t("pinned")}: ` : "", `${signOf(exchange.status)} ${exchange.status || t("no_answer")} `, exchange.token ? nameOf(exchange.token) : ""];
  if (!exchange.own) return [el("h3", {}, title), el("p", {}, t("others_wire"))];
  if (exchange.faded) return [el("h3", {}, title), el("p", {}, t("faded"))];
  return [el("h3", {}, title), ...request(exchange), ...response(exchange)];
}

function request(exchange) {
  const { method, path, own, body, secrets } = exchange;
  const { [page.header]: token, ...rest } = own;
  const main = [...(token ? [[page.header, token]] : []), ...Object.entries(rest)];
  const folded = el("pre", {});
  const details = el("details", { className: "more-headers" }, el("summary", {}, t("browser_headers")), folded);
  details.addEventListener("toggle", async () => (folded.textContent = lines(await browserHeaders(exchange))), { once: true });
  return [el("h4", {}, t("request")), text("request", [`${method} ${path} HTTP/1.1`, lines(main)], hidden(pretty(body), secrets)), details];
}

function response(exchange) {
  const { status, statusText, responseHeaders } = exchange;
  if (!status) return [el("h4", {}, t("response")), el("p", {}, t(exchange.timedOut ? "why_timeout" : "why_no_answer"))];
  const shown = responseHeaders.filter(([name]) => name !== OURS);
  const main = shown.filter(([name]) => FIRST.includes(name)).sort(([a], [b]) => FIRST.indexOf(a) - FIRST.indexOf(b));
  const others = shown.filter(([name]) => !FIRST.includes(name));
  return [el("h4", {}, t("response")), text("response", [`HTTP/1.1 ${status} ${statusText}`, lines(main)], pretty(exchange.text)),
    el("details", { className: "more-headers" }, el("summary", {}, t("other_headers")), el("pre", {}, lines(others)))];
}

function text(name, head, body) {
  const whole = [...head.filter(Boolean), ...(body ? ["", body] : [])].join("\n");
  return el("pre", { className: name, tabIndex: 0, role: "region", "aria-label": t(name) }, coloured(whole, byId("whole").checked));
}

const lines = (headers) => headers.map(([name, value]) => `${name}: ${value}`).join("\n");

function pretty(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** A password is never shown, whatever the switch says. */
function hidden(body, secrets) {
  return secrets.reduce((shown, secret) => shown?.replaceAll(JSON.stringify(secret), '"•••"'), body);
}

/** Copy the request that is shown in a format, and say what was copied. */
export async function copy(format, name) {
  const { shown } = wallet;
  try {
    await write(snippet(format, shown));
    announce(t(shown.secrets.length ? "copied_password" : shown.token ? "copied" : "copied_plain", { name }));
  } catch {
    announce(t("copy_failed"));
  }
}

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without https a browser has only this older way.
  const field = el("textarea", { value: text, className: "unseen" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("not copied");
}
