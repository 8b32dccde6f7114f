/** The verdict: status, reason and one sentence of why, for the exchange that is shown. */

import { byId, el, shorten } from "./dom.js";
import { shortName } from "./families.js";
import { nameOf, signOf, wallet } from "./wallet.js";
import { why } from "./why.js";
import { t, timeOfDay } from "./words.js";

const LONGEST = 90; // characters of a reason; the wire has all of it
let said = "";

/** Draw the verdict. It is replaced only when it changed: it is a live region. */
export function drawVerdict() {
  const { shown, pinned, exchanges } = wallet;
  byId("latest").hidden = !shown || shown === exchanges.at(-1) || !exchanges.length;
  byId("pin").disabled = !shown;
  byId("pin").setAttribute("aria-pressed", String(Boolean(shown) && shown === pinned));
  if (wallet.pending && !wallet.pending.repeated) return replace("pending", [el("p", { className: "status" }, el("strong", {}, `… ${t("waiting")}`))]);
  if (!shown) return replace("", [el("p", { className: "why" }, t(wallet.reloaded ? "reloaded" : "nothing_sent"))]);
  const line = shown.status ? `${shown.status} ${shown.statusText ?? ""}`.trim() : t(shown.timedOut ? "timed_out" : "no_answer");
  const reason = shown.reason && shorten(shown.reason, LONGEST);
  const who = shown.token ? nameOf(shown.token) : shown.of ?? t("no_token_lane");
  const call = `${shown.method} ${shown.path} · ${who} · ${timeOfDay(shown.time)}`;
  const alg = shown.token?.decoded?.header.value?.alg ?? "";
  const sentence = capital(t(why(shown), { alg: shorten(String(alg), 20), token: who, family: shortName(shown.token?.family ?? "") }));
  return replace([line, call, reason, sentence].join("\n"), [
    el("p", { className: "status", "data-family": String(Math.floor(shown.status / 100)) }, el("strong", {}, `${signOf(shown.status)} ${line}`),
      reason ? el("span", { className: "reason" }, reason) : null),
    el("p", { className: "call" }, call),
    el("p", { className: "why" }, sentence)]);
}

const capital = (sentence) => sentence[0].toUpperCase() + sentence.slice(1);

function replace(key, elements) {
  const whole = `${document.documentElement.lang}\n${key}`;
  if (said === whole) return;
  said = whole;
  byId("verdict").replaceChildren(...elements);
}
