/** The pipeline: the gates that a token passes through, lit up to where the server stopped. */

import { byId, el } from "./dom.js";
import { wallet } from "./wallet.js";
import { t } from "./words.js";

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

/** Draw the gates of the exchange that is shown. */
export function drawGates() {
  const { shown } = wallet;
  const states = statesOf(shown);
  const unasked = shown?.passage && !shown.passage.gate; // verify asks for no type and no user
  byId("gates").replaceChildren(...GATES.map((gate, index) => {
    const state = states[index];
    const word = state === "unreached" && unasked ? "gate_unasked" : `gate_${state}`;
    const said = state === "stopped" ? shown.passage.said ?? shown.reason : null;
    return el("li", { "data-state": state, "data-gate": gate },
      el("span", { className: "name" }, el("span", { className: "mark", "aria-hidden": "true" }, SIGNS[state]), t(`gate_${gate}`)),
      el("span", { className: "state", title: said }, said ?? (state === "idle" ? "" : t(word))));
  }));
}
