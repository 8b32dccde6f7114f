/** What just happened as a sequence diagram: who asked, and what the server answered. */

import { byId, shorten, svg } from "./dom.js";
import { callOf, clientOf, whose } from "./flights.js";
import { t } from "./words.js";

const [NARROWEST, TOP, ROW] = [560, 52, 42];
const SIZE = 12; // of the letters; the drawing is scaled so that they have the size of all others
const LETTER = 6.4; // the width of a letter, about

/** Draw the records, newest on top as in the table; nothing when there are none. */
export function drawSequence(records) {
  if (!records.length) return byId("sequence").replaceChildren();
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const width = Math.max(NARROWEST, Math.round(byId("sequence").clientWidth * SIZE / rem));
  const people = [...new Set(records.map(nameOf))];
  const height = TOP + records.length * ROW + 8;
  const server = width - 90;
  const step = (server - 90) / people.length;
  const x = (index) => 90 + index * step;
  return byId("sequence").replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, width: width * rem / SIZE, role: "img", class: "sequence", "aria-label": t("sequence_about", { count: records.length }) },
    people.map((name, index) => lifeline(name, x(index), height, Math.min(step, 220))),
    lifeline(`${t("server")}\n${location.host}`, server, height, 180),
    records.map((record, index) => exchange(record, x(people.indexOf(nameOf(record))), server, TOP + index * ROW))));
}

const nameOf = (record) => `${whose(record)}\n${clientOf(record)}`;

function lifeline(name, x, height, room) {
  const [who, client] = name.split("\n").map((text) => shorten(text, Math.max(6, Math.floor(room / LETTER) - 1)));
  return svg("g", { class: "lifeline" },
    svg("line", { x1: x, x2: x, y1: 42, y2: height }),
    svg("text", { x, y: 16, "text-anchor": "middle", class: "who" }, who),
    svg("text", { x, y: 32, "text-anchor": "middle" }, client));
}

function exchange(record, from, to, y) {
  const letters = Math.floor((to - from) / LETTER) - 2;
  const handed = record.issued.map(({ kind }) => t(`kind_${kind === "refresh" ? "refresh" : "access"}`)).join(" + ");
  const sent = record.kind && record.kind !== "sliding" ? ` · ${t(`kind_${record.kind}`)}` : "";
  const answer = `${record.status} ${record.reason ?? handed}`;
  return svg("g", { class: `pair family-${Math.floor(record.status / 100)}` },
    arrow(from, to, y + 14, ""), label(from, to, y + 10, `${callOf(record)}${sent}`, letters),
    arrow(to, from, y + 32, "back"), label(from, to, y + 28, answer, letters));
}

function arrow(from, to, y, kind) {
  const ahead = to > from ? -8 : 8;
  return [svg("path", { class: `arrow ${kind}`, d: `M${from} ${y}H${to}` }),
    svg("path", { class: `arrow head ${kind}`, d: `M${to + ahead} ${y - 4}L${to} ${y}L${to + ahead} ${y + 4}` })];
}

const label = (from, to, y, text, letters) => svg("text", { x: (from + to) / 2, y, "text-anchor": "middle", class: "message" }, shorten(text, Math.max(8, letters)));
