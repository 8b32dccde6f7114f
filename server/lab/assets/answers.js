/** The responses as a table. */

import { byId, el, keepRows, table } from "./dom.js";
import { familyLabel } from "./families.js";
import { nameOf, open, signOf, wallet } from "./wallet.js";
import { page, t, timeOfDay } from "./words.js";

const MOST_ROWS = 100; // more take longer than a frame to lay out
let language = null; // of the table that is there

/** Draw the responses, newest first: the same as the timeline, in words. Each row opens its exchange. */
export function drawAnswers() {
  if (byId("history").hidden) return;
  byId("families").hidden = !wallet.tokens.some(({ family }) => family);
  if (language !== page.language) {
    language = page.language;
    byId("answers").replaceChildren(table(t("answers_as_table"), ["time", "status", "token", "call", "reason", "pin"].map((key) => t(key)), []));
  }
  const newest = wallet.exchanges.slice(-MOST_ROWS).reverse();
  keepRows(byId("answers").querySelector("tbody"), new Map(newest.map((exchange) => [keyOf(exchange), () => row(exchange)])));
}

const keyOf = (exchange) => [exchange.id, exchange === wallet.shown, exchange === wallet.pinned].join();

function row(exchange) {
  const button = el("button", { type: "button", className: "open", "aria-pressed": String(exchange === wallet.shown) }, timeOfDay(exchange.time));
  button.addEventListener("click", () => open(exchange));
  const who = exchange.token ? `${nameOf(exchange.token)} ${familyLabel(exchange.token)}`.trim() : exchange.of ?? t("no_token_lane");
  const cells = [button, `${signOf(exchange.status)} ${exchange.status || "–"}`, who, `${exchange.method} ${exchange.path}`, exchange.reason ?? "", exchange === wallet.pinned ? t("pinned") : ""];
  return el("tr", {}, cells.map((cell) => el("td", {}, cell)));
}
