/** The recorder's view: filters, the newest records as a table, and the sequence diagram. */

import { byId, el, fill, keepRows } from "./dom.js";
import { names, records } from "./recorder.js";
import { drawSequence } from "./sequence.js";
import { drawWall } from "./wall.js";
import { open, wallet } from "./wallet.js";
import { page, t, timeOfDay } from "./words.js";

const SHOWN = 100; // rows: more take longer than a frame to lay out, and nobody reads them
const HEADS = ["time", "status", "user", "call", "reason", "kind", "jti", "left", "client", "scheme", "duration"];
const PAUSE = 150; // milliseconds between two drawings, however many records come
let waiting = false;
let drawn = 0;

/** Draw soon, once for however many records came since. Nothing while the view is closed or paused. */
export function drawFlights() {
  if (waiting || byId("recorder").hidden || paused()) return;
  waiting = true;
  setTimeout(() => requestAnimationFrame(draw), Math.max(0, drawn + PAUSE - performance.now()));
}

const paused = () => byId("pause").getAttribute("aria-pressed") === "true";

function draw() {
  waiting = false;
  drawn = performance.now();
  fillFilters();
  drawWall();
  const matching = records.filter(matches);
  const newest = matching.slice(-SHOWN).reverse();
  byId("count").textContent = matching.length ? t("count", { shown: newest.length, matching: matching.length }) : t("recorder_empty");
  drawRows(newest);
  drawSequence(newest.slice(0, 6));
}

function drawRows(newest) {
  const { tHead, tBodies: [body] } = byId("records");
  const language = page.language;
  keepRows(tHead, new Map([[language, () => el("tr", {}, HEADS.map((key) => el("th", { scope: "col" }, t(key))))]]));
  keepRows(body, new Map(newest.map((record) => [[language, record.id, whose(record)].join(), () => row(record)])));
}

/** Whose request it was. What a token claims that nobody verified is a claim, never a person. */
export function whose(record) {
  if (record.user !== null) return record.user;
  if (record.proof === null) return t("nobody");
  return record.proof === "claimed" ? t("user_claimed", { id: record.user_id }) : names.get(record.user_id) ?? t("user_number", { id: record.user_id });
}

/** Which program, and on which machine. */
export const clientOf = (record) => `${record.client} · ${record.address}`;

/** The record's call: method, path, and the names of the query's parameters. */
export const callOf = (record) => `${record.method} ${record.path}${record.query.length ? `?${record.query.join("&")}` : ""}`;

function matches(record) {
  const [user, client] = [byId("by-user").value, byId("by-client").value];
  return (!user || whose(record) === user) && (!client || clientOf(record) === client) && (!byId("refusals").checked || record.status >= 400);
}

function fillFilters() {
  const distinct = (of) => [...new Set(records.map(of))].sort().map((text) => [text, text]);
  fill(byId("by-user"), [["", t("everyone")], ...distinct(whose)]);
  fill(byId("by-client"), [["", t("every_client")], ...distinct(clientOf)]);
}

function row(record) {
  const kind = record.kind ? t(`kind_${record.kind === "sliding" ? "unreadable" : record.kind}`) : "";
  const button = el("button", { type: "button", className: "open" }, timeOfDay(record.time));
  button.addEventListener("click", () => openRecord(record));
  const cells = [button, String(record.status), whose(record), el("code", {}, callOf(record)), record.reason ?? "", kind,
    record.jti ? el("code", { title: record.jti }, record.jti.slice(0, 8)) : "", record.left === null ? "" : String(record.left), clientOf(record), record.scheme ?? "", String(record.ms)];
  return el("tr", { className: `family-${Math.floor(record.status / 100)}` }, cells.map((cell) => el("td", {}, el("bdi", {}, cell))));
}

/** Show the record as the page's own exchange where it was one, else as much of it as the recorder keeps. */
function openRecord(record) {
  const { passed, gate, why, said, key } = record;
  open(wallet.exchanges.find(({ id }) => id === record.page) ?? {
    id: record.id, method: record.method, path: record.path, status: record.status, reason: record.reason, time: record.time,
    of: `${whose(record)} · ${clientOf(record)}`, token: null, what: null, data: null, secrets: [], passage: { passed, gate, why, said, key },
  });
}
