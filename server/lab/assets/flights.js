/** The recorder's view: filters, the newest records as a table, and the sequence diagram. */

import { byId, el, fill } from "./dom.js";
import { records } from "./recorder.js";
import { drawSequence } from "./sequence.js";
import { t, timeOfDay } from "./words.js";

const SHOWN = 200; // rows; a thousand would be slow to lay out and nobody reads them
const HEADS = ["time", "client", "user", "call", "status", "reason", "scheme", "kind", "jti", "left", "duration"];
const PAUSE = 150; // milliseconds between two drawings, however many records come
const names = new Map(); // of users by their ids, as far as a view has authenticated them
const rows = new Map(); // the rows in the table, by all that they say
let waiting = false;
let drawn = 0;

/** Draw soon, once for however many records came since. */
export function drawFlights() {
  if (waiting) return;
  waiting = true;
  setTimeout(() => requestAnimationFrame(draw), Math.max(0, drawn + PAUSE - performance.now()));
}

function draw() {
  waiting = false;
  drawn = performance.now();
  for (const record of records) if (record.proof === "authenticated") names.set(record.user_id, record.user);
  fillFilters();
  const matching = records.filter(matches);
  const newest = matching.slice(-SHOWN).reverse();
  byId("count").textContent = matching.length ? t("count", { shown: newest.length, matching: matching.length }) : t("recorder_empty");
  byId("records").tHead.replaceChildren(el("tr", {}, HEADS.map((key) => el("th", { scope: "col" }, t(key)))));
  drawRows(newest);
  drawSequence(matching.slice(-10));
}

/** Put these rows into the table. A row that is there stays: laying out 200 anew takes longer than a frame. */
function drawRows(newest) {
  const body = byId("records").tBodies[0];
  const wanted = new Map(newest.map((record) => [[document.documentElement.lang, record.id, whose(record)].join(), record]));
  for (const [key, element] of rows) {
    if (wanted.has(key)) continue;
    element.remove();
    rows.delete(key);
  }
  let next = body.firstElementChild;
  for (const [key, record] of wanted) {
    if (rows.has(key)) {
      next = rows.get(key).nextElementSibling;
      continue;
    }
    rows.set(key, row(record));
    body.insertBefore(rows.get(key), next);
  }
}

/** Whose request it was, as far as anybody knows. */
export function whose(record) {
  if (record.user !== null) return record.user;
  const known = names.get(record.user_id);
  if (["issued", "verified"].includes(record.proof) || (record.proof === "claimed" && record.status < 300)) return known ?? t("user_number", { id: record.user_id });
  return record.proof === "claimed" ? t("user_claimed", { id: record.user_id }) : t("nobody");
}

/** Which program, and on which machine. */
export const clientOf = (record) => `${record.client} · ${record.address}`;

/** The record's call: method, path, and the names of the query's parameters. */
export const callOf = (record) => `${record.method} ${record.path}${record.query.length ? `?${record.query.join("&")}` : ""}`;

function matches(record) {
  const [user, client] = [byId("by-user").value, byId("by-client").value];
  return (!user || whose(record) === user) && (!client || clientOf(record) === client);
}

function fillFilters() {
  const distinct = (of) => [...new Set(records.map(of))].sort().map((text) => [text, text]);
  fill(byId("by-user"), [["", t("everyone")], ...distinct(whose)]);
  fill(byId("by-client"), [["", t("every_client")], ...distinct(clientOf)]);
}

function row(record) {
  const kind = record.kind ? t(`kind_${record.kind === "sliding" ? "unreadable" : record.kind}`) : "";
  const cells = [timeOfDay(record.time), clientOf(record), whose(record), el("code", {}, callOf(record)), String(record.status), record.reason ?? "",
    record.scheme ?? "", kind, record.jti ? el("code", { title: record.jti }, record.jti.slice(0, 8)) : "", record.left === null ? "" : String(record.left), String(record.ms)];
  return el("tr", { className: `family-${Math.floor(record.status / 100)}` }, cells.map((cell) => el("td", {}, el("bdi", {}, cell))));
}
