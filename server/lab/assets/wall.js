/** The wall: a tile for everybody in the room, from what the recorder has seen. */

import { now } from "./clock.js";
import { byId, el } from "./dom.js";
import { names, records } from "./recorder.js";
import { signOf } from "./wallet.js";
import { page, t } from "./words.js";

const RECENT = 60; // seconds
const STORY = ["login", "accepted", "expired", "refreshed"];

/** Draw a tile per student of the class; without a class, per user that was seen. */
export function drawWall() {
  const people = new Map((page.room?.students ?? []).map(({ id, name }) => [id, { name, done: new Set() }]));
  const recent = now() - RECENT;
  let refused = 0;
  for (const record of records) {
    if (record.time > recent && record.status >= 400) refused += 1;
    if (!record.user_id || record.proof === "claimed") continue;
    if (!people.has(record.user_id)) {
      if (page.room) continue; // the class's teacher is no student
      people.set(record.user_id, { name: names.get(record.user_id) ?? t("user_number", { id: record.user_id }), done: new Set() });
    }
    note(people.get(record.user_id), record);
  }
  const tiles = [...people.values()];
  const inside = tiles.filter((tile) => tile.until > now()).length;
  byId("counts").textContent = t("counts", { inside, all: tiles.length, refused });
  byId("wall").replaceChildren(...tiles.map(tileOf));
}

function note(tile, record) {
  tile.status = record.status;
  for (const { kind, left } of record.issued) if (kind === "access" && left !== null) tile.until = record.time + left;
  if (record.issued.length) tile.done.add(record.kind === "refresh" ? "refreshed" : "login"); // with rotation, both give a pair
  if (record.proof === "authenticated" && record.status < 300 && record.jti) tile.done.add("accepted");
  if (record.why === "expired") tile.done.add("expired");
}

function tileOf(tile) {
  const left = Math.ceil((tile.until ?? 0) - now());
  const state = tile.until === undefined ? t("not_yet_in") : left > 0 ? t("dies_in", { time: t("seconds", { n: left }) }) : t("token_dead");
  const done = STORY.filter((step) => tile.done.has(step));
  return el("li", { "data-family": tile.status ? String(Math.floor(tile.status / 100)) : "none", "data-in": String(left > 0) },
    el("strong", {}, tile.name),
    el("span", { className: "last" }, tile.status ? `${signOf(tile.status)} ${tile.status}` : "–"),
    el("span", { className: "until" }, state),
    el("span", { className: "done", title: done.map((step) => t(`story_${step}`)).join(", ") }, t("steps_passed", { n: done.length, all: STORY.length })));
}
