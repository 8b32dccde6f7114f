/** The token cards: three labelled parts and the claims with their meaning. A claim is edited in place. */

import { presentEdited } from "./actions.js";
import { partOf } from "./coloured.js";
import { byId, el, shorten } from "./dom.js";
import { shortKid } from "./gates.js";
import { PARTS } from "./jwt.js";
import { nameOf, wallet } from "./wallet.js";
import { has, localTime, page, t } from "./words.js";

const TIMES = ["exp", "iat", "nbf"];
const LONGEST = 300; // characters of one claim's value
const drawn = {};

/** Draw the cards whose token, language or switch has changed; the others keep their focus. */
export function drawCards() {
  if (byId("tokens").hidden) return;
  const whole = byId("whole").checked;
  for (const kind of ["access", "refresh", "bench"]) {
    const token = wallet.held[kind];
    const key = [token?.id, whole, page.language].join();
    if (drawn[kind]?.key === key) continue;
    const element = token ? card(token, whole) : emptyCard(kind);
    if (drawn[kind]) drawn[kind].element.replaceWith(element);
    else byId("cards").append(element);
    drawn[kind] = { key, element };
  }
}

function emptyCard(kind) {
  return el("article", { className: `card empty ${kind}`, hidden: kind === "bench" }, el("h3", {}, t(`kind_${kind}`)), el("p", {}, t("no_card")));
}

function card(token, whole) {
  const { decoded } = token;
  const { kid } = decoded.header.value ?? {};
  const [key, values] = token.how;
  const translated = values.part ? { ...values, part: t(values.part) } : values;
  return el("article", { className: `card ${token.kind}`, "aria-labelledby": `title-${token.id}` },
    el("h3", { id: `title-${token.id}` }, nameOf(token)),
    el("p", {}, t(`from_${key}`, translated)),
    typeof kid === "string" ? el("p", { className: "kid" }, t("names_key", { kid: whole ? shorten(kid, LONGEST) : shortKid(kid) })) : null,
    decoded.count === 3 ? null : el("p", { className: "fault" }, t("not_decodable", { fault: t("fault_parts", { count: decoded.count }) })),
    PARTS.map((part, index) => partView(token, part, decoded.parts[index] ?? "", whole)));
}

function partView(token, part, text, whole) {
  return el("div", { className: `part ${part}` },
    el("h4", {}, t(part)),
    el("code", { className: "encoded" }, partOf(PARTS.indexOf(part), text, whole)),
    part === "signature" ? el("p", {}, t("signature_about", { bytes: token.decoded.signatureBytes })) : claims(token, part));
}

function claims(token, part) {
  const { value, fault } = token.decoded[part];
  if (fault) return el("p", { className: "fault" }, t("not_decodable", { fault: t(fault) }));
  return el("table", {},
    el("caption", { className: "unseen" }, `${nameOf(token)}: ${t(part)}`),
    el("tbody", {}, Object.entries(value).map(([name, content], index) => claim(token, part, name, content, `tip-${token.id}-${part}-${index}`))));
}

function claim(token, part, name, content, id) {
  const tip = el("span", { role: "tooltip", id, className: "tip" }, t(has(`claim_${name}`) ? `claim_${name}` : "claim_other"));
  const button = el("button", { type: "button", className: "claim", "aria-describedby": id }, shorten(name, 60));
  button.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tip.hidden = true;
  });
  for (const kind of ["focus", "pointerenter"]) button.addEventListener(kind, () => (tip.hidden = false));
  const time = TIMES.includes(name) && Number.isFinite(content) ? localTime(content) : "";
  return el("tr", {}, el("th", { scope: "row" }, button, tip), el("td", {}, field(token, part, name, content), time ? el("span", { className: "local" }, time) : null));
}

/** The value as a field. Enter presents the token with what is in it, and with the signature it had. */
function field(token, part, name, content) {
  const text = JSON.stringify(content);
  if (text.length > LONGEST) return el("bdi", {}, shorten(text, LONGEST));
  const input = el("input", { value: text, className: "value", size: Math.min(36, Math.max(4, text.length)), spellcheck: false, "aria-label": t("edit_claim", { name: shorten(name, 60) }) });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") input.value = text;
    if (event.key === "Enter" && input.value !== text) presentEdited(token, part, name, parsed(input.value));
  });
  return input;
}

/** What was typed, as JSON where it is JSON, else as a string. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
