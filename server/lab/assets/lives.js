/** The large countdowns: how long each token in use still has. */

import { announce, byId, el } from "./dom.js";
import { endOf, familyLabel } from "./families.js";
import { changed, nameOf, secondsLeft, wallet } from "./wallet.js";
import { duration, page, t } from "./words.js";

const KINDS = ["access", "refresh", "bench"];
const drawn = {};

/** Draw the countdown of each token that is held. */
export function drawLives() {
  for (const kind of KINDS) {
    const token = wallet.held[kind];
    const visible = kind !== "bench" || (token && wallet.presented === "bench");
    const key = [token?.id, page.language, wallet.presented, visible].join();
    if (drawn[kind]?.key === key) continue;
    const element = life(kind, token, visible);
    if (drawn[kind]) drawn[kind].element.replaceWith(element);
    else byId("lives").append(element);
    drawn[kind] = { key, token, element, dead: drawn[kind]?.token === token ? drawn[kind]?.dead : token && secondsLeft(token) <= 0 };
  }
  tick();
}

function life(kind, token, visible) {
  const end = el("button", { type: "button", className: "end" }, t("end_presenting"));
  end.addEventListener("click", () => {
    wallet.presented = "access";
    changed();
  });
  return el("article", { className: `life ${kind}`, hidden: !visible, "data-presented": String(wallet.presented === kind && kind !== "access") },
    el("h3", {}, token ? nameOf(token) : t(`kind_${kind}`), wallet.presented === kind && kind !== "access" ? el("span", { className: "presented" }, ` ${t("presented_now")}`) : null,
      token?.family ? el("span", { className: "family" }, ` ${familyLabel(token)}`) : null),
    el("p", { className: "countdown", role: "timer", "aria-live": "off" }, "–"),
    kind === "bench" ? end : el("progress", { "aria-label": t("left"), max: 1, value: 0 }));
}

/** What the countdown says: the server reads the times only of a token whose signature fits. */
export function countdownText(token) {
  if (token.rejected) return t("never_accepted");
  if (token.spent && !endOf(token)) return t("spent");
  if (endOf(token)) return t(endOf(token).key);
  const left = secondsLeft(token);
  if (left === null) return t("no_expiry");
  return left <= 0 ? t("dead_since", { time: duration(-left) }) : t("dies_in", { time: duration(Math.ceil(left)) });
}

/** Bring the countdowns up to date, and say when a token has died. Called a few times a second. */
export function tick() {
  for (const entry of Object.values(drawn)) {
    const { token, element } = entry;
    if (!token) continue;
    const left = secondsLeft(token);
    const dead = token.rejected || Boolean(token.spent || endOf(token)) || (left !== null && left <= 0);
    const countdown = element.querySelector(".countdown");
    const text = countdownText(token);
    if (countdown.textContent !== text) countdown.textContent = text;
    const lifetime = token.exp - (token.decoded.payload.value?.iat ?? token.since);
    const bar = element.querySelector("progress");
    if (bar) bar.value = !dead && left > 0 && lifetime > 0 ? Math.min(1, left / lifetime) : 0;
    element.classList.toggle("dead", dead);
    const died = dead && !entry.dead && !token.rejected && left !== null && left <= 0;
    entry.dead = dead; // first: what is drawn anew comes by here again
    if (died) {
      announce(t("died", { name: nameOf(token) }));
      changed();
    }
  }
}
