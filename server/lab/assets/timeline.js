/** The timeline: a lane per token with its lifetime, a mark per answer, an arrow per refresh. */

import { byId, el, svg, table } from "./dom.js";
import { now } from "./clock.js";
import { nameOf, wallet } from "./wallet.js";
import { duration, t, timeOfDay } from "./words.js";

const [WIDTH, LEFT, RIGHT, TOP, LANE] = [1100, 150, 24, 30, 40];
const [SHORTEST, LONGEST, AHEAD] = [30, 300, 6]; // seconds that are shown; the last stay free for what comes
const LABEL = 26; // a status needs so much room
const MOST_LANES = 12;

/** Draw the timeline as it is at this moment. */
export function drawTimeline() {
  const lanes = lanesShown();
  if (!lanes.length) return byId("lanes").replaceChildren(el("p", {}, t("timeline_empty")));
  const scale = scaleFor(lanes);
  const height = TOP + lanes.length * LANE + 12;
  const label = t("timeline_about", { tokens: wallet.tokens.length, marks: wallet.marks.length });
  byId("lanes").replaceChildren(svg("svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": label, class: "timeline" },
    svg("rect", { class: "ground", width: WIDTH, height }),
    axis(scale, height),
    lanes.map((token, index) => lane(token, index, scale)),
    wallet.arrows.map((arrow) => arrowOf(arrow, lanes, scale)),
    lanes.map((token, index) => marksOf(token, index, scale))));
}

function lanesShown() {
  const silent = wallet.marks.some((mark) => mark.token === null) ? [null] : [];
  return [...wallet.tokens.slice(-MOST_LANES), ...silent];
}

function scaleFor(lanes) {
  const end = now() + AHEAD;
  const first = Math.min(...lanes.map((token) => token?.since ?? Infinity), wallet.marks[0]?.time ?? Infinity);
  const length = Math.min(LONGEST, Math.max(SHORTEST, end - first + 1));
  const start = end - length < first ? first - 1 : end - length;
  const x = (time) => LEFT + ((time - start) / length) * (WIDTH - LEFT - RIGHT);
  return { start, end: start + length, length, x, clamped: (time) => Math.min(WIDTH - RIGHT, Math.max(LEFT, x(time))) };
}

function axis({ start, end, length, x }, height) {
  const step = [5, 10, 30, 60].find((seconds) => length / seconds <= 8) ?? 60;
  const ticks = [];
  for (let time = Math.ceil(start / step) * step; time < end; time += step) ticks.push(time);
  const present = x(now());
  return svg("g", { class: "axis" },
    ticks.map((time) => [svg("line", { x1: x(time), x2: x(time), y1: 20, y2: height }), svg("text", { x: x(time), y: 14, "text-anchor": "middle" }, timeOfDay(time))]),
    svg("line", { class: "now", x1: present, x2: present, y1: 20, y2: height }));
}

const middle = (index) => TOP + index * LANE + LANE / 2;

function lane(token, index, { start, end, clamped }) {
  const y = middle(index);
  const group = svg("g", { class: "lane" }, svg("text", { x: LEFT - 10, y: y + 4, "text-anchor": "end" }, token ? nameOf(token) : t("no_token_lane")));
  if (!token) return group;
  const dies = token.exp ?? end;
  const [from, to] = [clamped(token.since), clamped(dies)];
  if (to > from) group.append(svg("rect", { class: `life ${token.kind}`, x: from, y: y - 9, width: to - from, height: 18, rx: 3 }));
  if (dies > start && dies <= end) group.append(svg("line", { class: "death", x1: to, x2: to, y1: y - 13, y2: y + 13 }));
  if (dies > end) group.append(svg("text", { class: "later", x: WIDTH - RIGHT - 4, y: y - 1, "text-anchor": "end" }, `${duration(dies - now())} →`));
  return group;
}

function marksOf(token, index, { start, x }) {
  const y = middle(index);
  let labelled = -Infinity;
  const group = svg("g", { class: "marks" });
  for (const mark of wallet.marks) {
    if (mark.token !== token || mark.time < start) continue;
    const place = x(mark.time);
    group.append(svg("g", { class: `mark family-${Math.floor(mark.status / 100)}`, transform: `translate(${place.toFixed(1)} ${y})` },
      svg("title", {}, `${timeOfDay(mark.time)} ${mark.call} ${mark.status || "–"} ${mark.reason ?? ""}`), shape(mark.status)));
    if (place - labelled > LABEL) {
      group.append(svg("text", { class: "code", x: place, y: y + 16, "text-anchor": "middle" }, String(mark.status || "–")));
      labelled = place;
    }
  }
  return group;
}

/** A sign of its own for each kind of answer, so that colour is never needed. */
function shape(status) {
  if (status === 0) return svg("path", { d: "M0 -6L6 0L0 6L-6 0Z", class: "hollow" });
  if (status < 300) return svg("circle", { r: 5 });
  if (status === 401) return svg("path", { d: "M-5 -5L5 5M5 -5L-5 5", class: "stroke" });
  if (status === 403) return svg("rect", { x: -5, y: -5, width: 10, height: 10 });
  return svg("path", { d: "M0 -6L6 5L-6 5Z" });
}

function arrowOf({ from, to, time }, lanes, { start, x }) {
  const [a, b] = [lanes.indexOf(from), lanes.indexOf(to)];
  if (a < 0 || b < 0 || time < start) return [];
  const place = x(time);
  const down = b > a ? 1 : -1;
  const tip = middle(b) - down * 10; // it begins under the label of the answer
  return [svg("path", { class: "arrow", d: `M${place} ${middle(a) + (down > 0 ? 18 : -9)}V${tip}M${place - 5} ${tip - down * 6}L${place} ${tip}L${place + 5} ${tip - down * 6}` })];
}

/** Draw the answers as a table: the same as the picture, in words. */
export function drawAnswers() {
  const details = byId("answers");
  if (!details.open) return;
  const rows = wallet.marks.slice(-200).reverse().map((mark) => [timeOfDay(mark.time), mark.token ? nameOf(mark.token) : t("no_token_lane"), mark.call, String(mark.status || "–"), mark.reason ?? ""]);
  details.lastElementChild.replaceChildren(table(t("answers_as_table"), [t("time"), t("token"), t("call"), t("answer"), t("reason")], rows));
}
