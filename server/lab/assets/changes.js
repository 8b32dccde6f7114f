/** What changed from one token to another, claim by claim. */

import { byId, el, fill, shorten, table } from "./dom.js";
import { nameOf, wallet } from "./wallet.js";
import { localTime, t } from "./words.js";

const TIMES = ["exp", "iat", "nbf"];
let compared = 0;

/** Draw the comparison. A new token is compared with the one it came from; a pinned exchange's token with the shown one's. */
export function drawChanges() {
  if (byId("history").hidden) return;
  const { tokens, pinned, shown } = wallet;
  const options = tokens.map((token) => [token.id, nameOf(token)]);
  const newest = tokens.at(-1);
  const before = newest && (newest.from ?? tokens.findLast((token) => token.kind === newest.kind && token !== newest) ?? tokens.at(-2));
  const follow = tokens.length !== compared && before;
  const pair = pinned?.token && shown?.token && pinned.token !== shown.token ? [pinned.token, shown.token] : follow ? [before, newest] : [];
  fill(byId("older"), options, pair[0]?.id);
  fill(byId("newer"), options, pair[1]?.id);
  compared = tokens.length;
  compare();
}

/** Draw the comparison of the two chosen tokens. */
export function compare() {
  const [older, newer] = ["older", "newer"].map((id) => wallet.tokens.find((token) => token.id === byId(id).value));
  const view = wallet.tokens.length < 2 ? el("p", {}, t("difference_empty")) : view_of(older, newer);
  byId("changes").replaceChildren(view);
}

function view_of(older, newer) {
  const rows = ["header", "payload"].flatMap((part) => rowsOf(part, older, newer));
  const same = older.decoded.parts[2] === newer.decoded.parts[2];
  rows.push([t("signature"), "", "", word(same ? "same" : "changed")]);
  return table(t("difference"), [t("claim"), nameOf(older), nameOf(newer), t("difference")], rows);
}

function rowsOf(part, older, newer) {
  const [a, b] = [older, newer].map((token) => token.decoded[part].value ?? {});
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => {
    const [before, after] = [a, b].map((claims) => (Object.hasOwn(claims, name) ? shown(name, claims[name]) : null));
    const verdict = before === null ? "only_newer" : after === null ? "only_older" : before === after ? "same" : "changed";
    return [el("code", {}, shorten(name, 60)), el("bdi", {}, before ?? ""), el("bdi", {}, after ?? ""), word(verdict)];
  });
}

function shown(name, value) {
  const time = TIMES.includes(name) && Number.isFinite(value) ? ` · ${localTime(value)}` : "";
  return `${shorten(JSON.stringify(value), 120)}${time}`;
}

const word = (verdict) => el("span", { className: `word ${verdict}` }, `${verdict === "same" ? "=" : "≠"} ${t(verdict)}`);
