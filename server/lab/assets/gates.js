/** The pipeline: the gates that a token passes through, lit up to where the server stopped. */

import { byId, el, shorten } from "./dom.js";
import { wallet } from "./wallet.js";
import { t } from "./words.js";

const KID = 9; // letters of a key's name: enough to tell two keys apart

export const GATES = ["header", "parts", "algorithm", "signature", "times", "type", "user"];
const SIGNS = { passed: "✓", stopped: "✕", unreached: "·", idle: "·" };

/** The state of each gate for an exchange: "passed", "stopped", "unreached", or "idle" where no token was looked at. */
export function statesOf(exchange) {
  const passage = exchange?.passage;
  const looked = Boolean(passage && (passage.gate || passage.passed.length));
  return GATES.map((gate) => {
    if (!looked) return "idle";
    if (passage.gate === gate) return "stopped";
    return passage.passed.includes(gate) ? "passed" : "unreached";
  });
}

/** The key's name, shortened. */
export const shortKid = (kid) => shorten(String(kid), KID);

/** Which key the server verified the signature with; null where it says nothing of keys. */
function keyOf(exchange, gate, kid = shortKid) {
  const key = exchange?.passage?.key;
  return key && gate === "signature" ? t(key.signs ? "gate_key_signs" : "gate_key_older", { kid: kid(key.kid) }) : null;
}

/** Draw the gates of the exchange that is shown. */
export function drawGates() {
  const { shown } = wallet;
  const states = statesOf(shown);
  const unasked = shown?.passage && !shown.passage.gate; // verify asks for no type and no user
  const stoppedAt = states.indexOf("stopped");
  byId("gates").replaceChildren(...GATES.map((gate, index) => {
    const state = states[index];
    const passedBy = unasked || index < stoppedAt; // without a key, the server does not ask for the algorithm
    const word = state === "unreached" && passedBy ? "gate_unasked" : `gate_${state}`;
    const said = state === "stopped" ? shown.passage.said ?? shown.reason : keyOf(shown, gate);
    return el("li", { "data-state": state, "data-gate": gate, "data-words": String(Boolean(said)) },
      el("span", { className: "name" }, el("span", { className: "mark", "aria-hidden": "true" }, SIGNS[state]), t(`gate_${gate}`)),
      el("span", { className: "state", title: keyOf(shown, gate, String) ?? said }, said ?? (state === "idle" ? "" : t(word))));
  }));
}
