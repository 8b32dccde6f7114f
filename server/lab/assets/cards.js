/** The token cards: three labelled parts, claims with their meaning, and a countdown. */

import { announce, byId, el, shorten } from "./dom.js";
import { maskPart, PARTS } from "./jwt.js";
import { nameOf, secondsLeft, wallet } from "./wallet.js";
import { duration, has, localTime, t } from "./words.js";

const TIMES = ["exp", "iat", "nbf"];
const LONGEST = 300; // characters of one claim's value
const drawn = {};

/** Draw the cards whose token, language or switch has changed; the others keep their focus. */
export function drawCards({ anew = false } = {}) {
  const whole = byId("whole").checked;
  for (const kind of ["access", "refresh", "bench"]) {
    const token = wallet.held[kind];
    if (!anew && drawn[kind] && drawn[kind].token === token && drawn[kind].whole === whole) continue;
    const element = token ? card(token, whole) : emptyCard(kind);
    if (drawn[kind]) drawn[kind].element.replaceWith(element);
    else byId("cards").append(element);
    drawn[kind] = { token, whole, element, dead: token !== null && secondsLeft(token) <= 0 };
  }
  tick();
}

function emptyCard(kind) {
  return el("article", { className: `card empty ${kind}`, hidden: kind === "bench" }, el("h3", {}, t(`kind_${kind}`)), el("p", {}, t("no_card")));
}

function card(token, whole) {
  const { decoded } = token;
  const [key, values] = token.how;
  const translated = values.part ? { ...values, part: t(values.part) } : values;
  return el("article", { className: `card ${token.kind}`, "aria-labelledby": `title-${token.id}` },
    el("h3", { id: `title-${token.id}` }, nameOf(token)),
    el("p", { className: "small" }, t(`from_${key}`, translated)),
    el("p", { className: "countdown", role: "timer", "aria-live": "off" }),
    el("progress", { "aria-label": t("left"), max: 1, value: 0 }),
    decoded.count === 3 ? null : el("p", { className: "fault" }, t("not_decodable", { fault: t("fault_parts", { count: decoded.count }) })),
    el("div", { className: "parts" }, PARTS.map((part, index) => partView(token, part, decoded.parts[index] ?? "", whole))));
}

function partView(token, part, text, whole) {
  return el("div", { className: `part ${part}` },
    el("h4", {}, t(part)),
    el("code", { className: "encoded" }, whole ? shorten(text, 4000) : maskPart(text)),
    part === "signature" ? el("p", { className: "small" }, t("signature_about", { bytes: token.decoded.signatureBytes })) : claims(token, part));
}

function claims(token, part) {
  const { value, fault } = token.decoded[part];
  if (fault) return el("p", { className: "fault" }, t("not_decodable", { fault: t(fault) }));
  return el("table", {},
    el("caption", { className: "unseen" }, `${nameOf(token)}: ${t(part)}`),
    el("tbody", {}, Object.entries(value).map(([name, content], index) => claim(name, content, `tip-${token.id}-${part}-${index}`))));
}

function claim(name, content, id) {
  const tip = el("span", { role: "tooltip", id, className: "tip" }, t(has(`claim_${name}`) ? `claim_${name}` : "claim_other"));
  const button = el("button", { type: "button", className: "claim", "aria-describedby": id }, shorten(name, 60));
  button.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });
  for (const kind of ["focus", "pointerenter"]) button.addEventListener(kind, () => (tip.hidden = false));
  const time = TIMES.includes(name) && Number.isFinite(content) ? localTime(content) : "";
  return el("tr", {}, el("th", { scope: "row" }, button, tip),
    el("td", {}, el("bdi", {}, shorten(JSON.stringify(content), LONGEST)), time ? el("span", { className: "local" }, time) : null));
}

/** Bring the countdowns up to date, and say when a token has died. Called a few times a second. */
export function tick() {
  for (const entry of Object.values(drawn)) {
    const { token, element } = entry;
    if (!token) continue;
    const left = secondsLeft(token);
    const dead = left !== null && left <= 0;
    const text = left === null ? t("no_expiry") : dead ? t("dead_since", { time: duration(-left) }) : t("dies_in", { time: duration(Math.ceil(left)) });
    const countdown = element.querySelector(".countdown");
    if (countdown.textContent !== text) countdown.textContent = text;
    const lifetime = token.exp - (token.decoded.payload.value?.iat ?? token.since);
    element.querySelector("progress").value = left > 0 && lifetime > 0 ? Math.min(1, left / lifetime) : 0;
    element.classList.toggle("dead", dead);
    if (dead && !entry.dead) announce(t("died", { name: nameOf(token) }));
    entry.dead = dead;
  }
}
