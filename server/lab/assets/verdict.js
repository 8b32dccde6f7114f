/** The last exchange: status line, reason, why, and both texts whole. */

import { announce, byId, el } from "./dom.js";
import { requestText, responseText } from "./exchange.js";
import { mask } from "./jwt.js";
import { snippet } from "./snippets.js";
import { nameOf, signOf, wallet } from "./wallet.js";
import { why } from "./why.js";
import { t } from "./words.js";

let said = "";

/** Draw the last exchange. The verdict is replaced only when it changed: it is a live region. */
export function drawVerdict() {
  const last = wallet.exchange;
  for (const button of document.querySelectorAll("[data-copy]")) button.disabled = !last;
  if (!last) {
    byId("verdict").firstElementChild.textContent = t("nothing_sent");
    return;
  }
  const line = last.status ? `${last.status} ${last.statusText}` : t("no_answer");
  const call = `${last.method} ${last.path}${last.token ? ` · ${nameOf(last.token)}` : ""}`;
  const sentence = t(why(last));
  if (said !== [line, call, last.reason, sentence].join("\n")) {
    said = [line, call, last.reason, sentence].join("\n");
    byId("verdict").replaceChildren(
      el("p", { className: "status", "data-family": String(Math.floor(last.status / 100)) }, el("strong", {}, `${signOf(last.status)} ${line}`),
        last.reason ? el("span", { className: "reason" }, last.reason) : null),
      el("p", { className: "small" }, call),
      el("p", { className: "why" }, sentence));
  }
  const shown = byId("whole").checked ? (text) => text : mask;
  byId("request").textContent = shown(requestText(last));
  byId("response").textContent = last.status ? shown(responseText(last)) : t("why_no_answer");
}

/** Copy the last request in a format, and say what was copied. */
export async function copy(format, name) {
  try {
    await write(snippet(format, wallet.exchange));
    announce(t("copied", { name }));
  } catch {
    announce(t("copy_failed"));
  }
}

async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Without https a browser has only this older way.
  const field = el("textarea", { value: text, className: "unseen" });
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("not copied");
}
