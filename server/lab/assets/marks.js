/** The responses on the timeline. A mark that is drawn stays and moves on with the time: only new ones are made. */

import { now } from "./clock.js";
import { svg, update } from "./dom.js";
import { open, wallet } from "./wallet.js";
import { page, timeOfDay } from "./words.js";

const CLOSEST = 0.25; // of a letter's height: of marks of one status that lie closer, one is drawn; the table has them all
const origin = now(); // places are counted from here, so they stay the same as time goes by
const drawn = new Map(); // by exchange: the element, and all that it says

/** The layer of the marks. */
export const marks = svg("g", { class: "marks" });

/** Bring the marks of all lanes up to date. */
export function drawMarks(lanes, view) {
  const { down, start, speed, present, rest } = view;
  const shift = (start + rest - (present - origin) * speed).toFixed(2);
  update(marks, { transform: down ? `translate(0 ${shift})` : `translate(${shift} 0)` });
  const wanted = new Map(lanes.flatMap((lane, index) => placesIn(lane, index, view)));
  for (const [exchange, { element }] of drawn) {
    if (wanted.has(exchange)) continue;
    element.remove();
    drawn.delete(exchange);
  }
  for (const [exchange, place] of wanted) keepMark(exchange, place, view);
}

/** Which responses of a lane are drawn, and where: `[exchange, {along, across, label}]`. What leaves on the left changes no other. */
function placesIn(lane, index, view) {
  const { rem, speed, side, step } = view;
  const across = side + (index + 0.5) * step;
  const last = {};
  let labelled = -Infinity;
  const found = [];
  for (const exchange of wallet.exchanges) {
    if (!lane.has(exchange)) continue;
    const along = (exchange.time - origin) * speed;
    const hidden = along - last[exchange.status] < CLOSEST * rem;
    if (!hidden) last[exchange.status] = along;
    const label = !hidden && along - labelled > rem * (view.down ? 1.3 : 2.6);
    if (label) labelled = along;
    if (exchange.time < view.present - view.past || (hidden && !chosen(exchange))) continue;
    found.push([exchange, { along, across, label }]);
  }
  return found;
}

const chosen = (exchange) => (exchange === wallet.shown ? " shown" : exchange === wallet.pinned ? " pinned" : "");

function keepMark(exchange, { along, across, label }, view) {
  const key = [along.toFixed(1), across.toFixed(1), label, chosen(exchange), view.down, view.rem, page.language].join();
  if (drawn.get(exchange)?.key === key) return;
  drawn.get(exchange)?.element.remove();
  const [x, y] = view.down ? [across, along] : [along, across];
  const element = svg("g", { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` }, mark(exchange, view), label ? code(exchange, across, view) : []);
  drawn.set(exchange, { key, element });
  marks.append(element);
}

function mark(exchange, { rem }) {
  const group = svg("g", { class: `mark family-${Math.floor(exchange.status / 100)}${chosen(exchange)}`, transform: `scale(${(rem / 15).toFixed(2)})` },
    svg("title", {}, `${timeOfDay(exchange.time)} ${exchange.method} ${exchange.path} ${exchange.status || "–"} ${exchange.reason ?? ""}`),
    svg("circle", { class: "target", r: 11 }), shape(exchange.status));
  group.addEventListener("click", () => open(exchange));
  return group;
}

/** The status in figures, beside the mark. */
function code({ status }, across, { rem, down, width }) {
  const narrow = across + rem * 3 > width; // no room to the right
  const [x, y] = down ? [rem * (narrow ? -0.9 : 0.9), rem * 0.35] : [0, rem * 1.3];
  return svg("text", { class: "code", x, y, "text-anchor": down ? (narrow ? "end" : "start") : "middle" }, String(status || "–"));
}

/** A sign of its own for each kind of response, so that colour is never needed. */
function shape(status) {
  if (status === 0) return svg("path", { d: "M0 -6L6 0L0 6L-6 0Z", class: "hollow" });
  if (status < 300) return svg("circle", { r: 5 });
  if (status === 401) return svg("path", { d: "M-5 -5L5 5M5 -5L-5 5", class: "stroke" });
  if (status === 403) return svg("rect", { x: -5, y: -5, width: 10, height: 10 });
  return svg("path", { d: "M0 -6L6 5L-6 5Z" });
}
