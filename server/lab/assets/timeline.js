/** The timeline: a lane per token in use, the others folded into one, a mark per response, an arrow per refresh. */

import { byId, el, svg, update } from "./dom.js";
import { now } from "./clock.js";
import { endOf } from "./families.js";
import { drawMarks, marks } from "./marks.js";
import { alive, nameOf, wallet } from "./wallet.js";
import { duration, t } from "./words.js";

const PASTS = [20, 40, 80, 120]; // seconds of the past that are shown: as few as hold the history
const PRESENT = 0.62; // where on the axis "now" is; what lies ahead is compressed behind it
const NEAR = 5; // seconds ahead that get the most room
const AHEAD = [10, 60, 300, 3600, 86400];

const below = svg("g", {});
const drawing = svg("svg", { role: "img" }, below, marks);

/** Draw the timeline as it is at this moment. */
export function drawTimeline() {
  const box = byId("lanes");
  if (document.body.dataset.panel === "recorder" || !box.clientWidth) return; // it is covered, or not there
  const lanes = lanesShown();
  if (!lanes.length) return void box.replaceChildren(el("p", {}, t("timeline_empty")));
  const view = viewOf(box, lanes);
  const { width, height } = view;
  const label = t("timeline_about", { tokens: wallet.tokens.length, marks: wallet.exchanges.length });
  update(drawing, { class: view.down ? "timeline down" : "timeline", viewBox: `0 0 ${width} ${height}`, width, height, "aria-label": label });
  below.replaceChildren(...[svg("rect", { class: "ground", width, height }),
    lanes.map(({ holder }, index) => (holder ? band(holder, index, view) : [])),
    axis(view),
    lanes.map((lane, index) => laneOf(lane, index, view)),
    wallet.arrows.map((arrow) => arrowOf(arrow, lanes, view))].flat(Infinity));
  drawMarks(lanes, view);
  if (drawing.parentNode !== box) box.replaceChildren(drawing);
}

/** The tokens in use each have a lane, whatever came after them; all older ones share one. */
function lanesShown() {
  const held = ["refresh", "thief", "access", "bench"].map((kind) => wallet.held[kind]).filter(Boolean);
  const lanes = held.map(laneFor);
  const drawn = lanes.flatMap(({ tokens }) => tokens);
  const old = wallet.tokens.filter((token) => !drawn.includes(token));
  const before = wallet.exchanges.some((mark) => mark.before);
  if (old.length || before) lanes.push({ name: t("lane_old", { n: old.length }), tokens: old, has: (mark) => mark.before || old.includes(mark.token) });
  if (wallet.exchanges.some((mark) => !mark.token && !mark.before)) lanes.push({ name: t("no_token_lane"), tokens: [], has: (mark) => !mark.token && !mark.before });
  return lanes;
}

/** A token has a lane of its own. The refresh tokens of one family share one: a lane for the victim, one for the thief. */
function laneFor(token) {
  const { kind, family, number } = token;
  const shared = family && (kind === "refresh" || kind === "thief");
  const tokens = shared ? wallet.tokens.filter((other) => other.kind === kind && other.family === family) : [token];
  const holder = !shared || !wallet.held.thief ? null : kind === "thief" ? "thief" : "victim";
  return { name: t(`lane_${holder ?? kind}`, { n: number }), holder, tokens, has: (mark) => tokens.includes(mark.token) };
}

/** Sizes and scales. On a narrow screen time runs downwards: `at` turns a time and a lane into a place. */
function viewOf(box, lanes) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const down = box.clientWidth < 32 * rem;
  const [width, height] = [box.clientWidth, Math.max(box.clientHeight, (down ? 22 : 2 + lanes.length * 2.2) * rem)];
  const start = (down ? 3.4 : 7) * rem;
  const length = (down ? height : width) - start - rem;
  const side = (down ? 3.6 : 1.6) * rem;
  const step = (down ? width - side : height - side - 0.35 * rem) / lanes.length; // the last one's number needs its room
  const time = timeScale(length);
  const at = (moment, lane, aside = 0) => {
    const [along, across] = [start + time(moment), side + (lane + 0.5) * step + aside];
    return down ? [across, along] : [along, across];
  };
  const rest = PRESENT * length; // the place of this moment
  return { width, height, rem, down, start, length, side, step, time, at, rest, speed: rest / time.past, ...time };
}

function timeScale(length) {
  const present = now();
  const first = Math.min(wallet.exchanges[0]?.time ?? present, wallet.tokens[0]?.since ?? present);
  const past = PASTS.find((seconds) => seconds > present - first) ?? PASTS.at(-1);
  const far = Math.max(AHEAD[0], ...wallet.tokens.filter(alive).map((token) => (token.exp ?? present) - present));
  const ahead = (seconds) => Math.log1p(seconds / NEAR) / Math.log1p(far / NEAR);
  const scale = (moment) => (moment <= present
    ? Math.max(0, 1 - (present - moment) / past) * PRESENT * length
    : (PRESENT + (1 - PRESENT) * Math.min(1, ahead(moment - present))) * length);
  return Object.assign(scale, { present, past, far });
}

function line(view, moment, classes) {
  const [from, to] = [view.side, view.side + view.step * 99];
  const place = view.start + view.time(moment);
  return view.down ? svg("line", { class: classes, x1: 0, x2: view.width, y1: place, y2: place })
    : svg("line", { class: classes, x1: place, x2: place, y1: from * 0.9, y2: Math.min(to, view.height) });
}

function axis(view) {
  const { present, past, far } = view.time;
  const step = [5, 10, 30].find((seconds) => past / seconds <= 4) ?? 30;
  const behind = Array.from({ length: Math.floor(past / step) }, (_, index) => -(index + 1) * step);
  const ahead = AHEAD.filter((seconds) => seconds < far * 0.9);
  const places = [0];
  const room = view.rem * (view.down ? 1.4 : 4.4);
  const free = (seconds) => {
    const place = view.time(present + seconds) - view.time(present);
    return places.every((other) => Math.abs(other - place) > room) && places.push(place);
  };
  const ticks = [...behind, ...ahead].filter(free).map((seconds) => [seconds, `${seconds < 0 ? "−" : "+"}${duration(Math.abs(seconds), true)}`]);
  return svg("g", { class: "axis" }, ticks.map(([seconds, label]) => [line(view, present + seconds, ""), tick(view, present + seconds, label)]),
    line(view, present, "now"), tick(view, present, t("now")));
}

function tick(view, moment, label) {
  const place = view.start + view.time(moment);
  return view.down ? svg("text", { x: 0, y: place - 3 }, label) : svg("text", { x: place, y: view.rem, "text-anchor": "middle" }, label);
}

function laneOf(lane, index, view) {
  const [x, y] = view.down ? [view.at(0, index)[0], view.rem * 1.2] : [view.start - view.rem * 0.6, view.at(0, index)[1] + view.rem * 0.35];
  const words = view.down ? lane.name.split(" ").map((word, row) => svg("tspan", { x, dy: row ? view.rem : 0 }, word)) : [lane.name];
  const name = svg("text", { x, y, "text-anchor": view.down ? "middle" : "end", class: "lane-name" }, words);
  return svg("g", { class: "lane" }, name, lane.tokens.filter((token) => !token.rejected).map((token) => life(token, index, view)));
}

/** The ground of a lane that belongs to the thief or to the victim. */
function band(holder, index, { down, width, height, side, step }) {
  const [from, size] = [side + index * step, step];
  return svg("rect", down ? { class: holder, x: from, y: 0, width: size, height } : { class: holder, x: 0, y: from, width, height: size });
}

/** A token's lifetime, with the death where it has one. What was never accepted has no lifetime. */
function life(token, index, view) {
  const { present, past } = view.time;
  const over = Math.min(token.spent ?? Infinity, endOf(token)?.time ?? Infinity);
  const end = Math.min(over, token.exp ?? present + view.time.far);
  if (end < present - past) return [];
  const half = Math.min(view.rem * 0.55, view.step * 0.3);
  const [[x1, y1], [x2, y2]] = [view.at(token.since, index, -half), view.at(end, index, half)];
  const bar = svg("rect", { class: `life ${token.kind}${token.spent ? " spent" : ""}`, x: x1, y: y1, width: Math.max(1, x2 - x1), height: Math.max(1, y2 - y1), rx: 3 }, svg("title", {}, nameOf(token)));
  if (token.exp === null && over === Infinity) return [bar];
  if (token.spent && end === token.spent) return [bar, spending(end, index, view)];
  const [[a, b], [c, d]] = [view.at(end, index, -half * 1.5), view.at(end, index, half * 1.5)];
  return [bar, svg("line", { class: end > present ? "death ahead" : "death", x1: a, y1: b, x2: c, y2: d })];
}

/** The sign of a token that was spent: its successor goes on from here. */
function spending(moment, index, view) {
  const [x, y] = view.at(moment, index, -view.step * 0.36);
  return svg("g", { class: "spending", transform: `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${(view.rem / 15).toFixed(2)})` }, svg("title", {}, t("spent")),
    svg("path", { d: view.down ? "M-2 -5L6 0L-2 5Z" : "M-5 -2L0 6L5 -2Z" }));
}

function arrowOf({ from, to, time }, lanes, view) {
  const [a, b] = [from, to].map((token) => lanes.findIndex((lane) => lane.tokens.includes(token)));
  if (a < 0 || b < 0 || a === b || time < view.time.present - view.time.past) return [];
  const gap = view.rem * 0.7 * Math.sign(b - a);
  const [[x1, y1], [x2, y2]] = [view.at(time, a, gap), view.at(time, b, -gap)];
  const head = view.rem * 0.35 * Math.sign(b - a);
  const tip = view.down ? `M${x2 - head} ${y2 - 5}L${x2} ${y2}L${x2 - head} ${y2 + 5}` : `M${x2 - 5} ${y2 - head}L${x2} ${y2}L${x2 + 5} ${y2 - head}`;
  return [svg("path", { class: "arrow", d: `M${x1} ${y1}L${x2} ${y2}${tip}` })];
}
