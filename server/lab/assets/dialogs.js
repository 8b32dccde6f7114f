/** The two dialogs: edit claims and sign with a guessed key, and paste a token. */

import { paste, presentForged } from "./actions.js";
import { byId } from "./dom.js";
import { wallet } from "./wallet.js";
import { t } from "./words.js";

let origin = null;

/** Make the dialogs work. */
export function prepareDialogs() {
  for (const opener of document.querySelectorAll("[data-open]")) {
    opener.addEventListener("click", () => OPENERS[opener.dataset.open]());
  }
  byId("forge").addEventListener("close", forget);
  formOf("forge").addEventListener("submit", forge);
  formOf("paste").addEventListener("submit", takeIt);
}

const formOf = (id) => byId(id).querySelector("form");

const OPENERS = {
  forge() {
    origin = wallet.held.access ?? wallet.held.bench ?? wallet.held.refresh;
    const claims = origin?.decoded.payload.value;
    formOf("forge").elements.claims.value = claims ? JSON.stringify(claims, null, 2) : "{}";
    fault(claims ? "" : t("forge_first"));
    byId("forge").showModal();
  },
  paste() {
    byId("paste").showModal();
  },
};

function fault(sentence) {
  formOf("forge").querySelector(".fault").textContent = sentence;
}

function forge(event) {
  if (event.submitter?.value === "cancel") return;
  event.preventDefault();
  const { claims, key, alg } = event.target.elements;
  const unsigned = alg.value === "none";
  if (!unsigned && !key.value) return fault(t("forge_no_key"));
  let edited;
  try {
    edited = JSON.parse(claims.value);
  } catch (error) {
    return fault(t("forge_not_json", { fault: error.message }));
  }
  if (edited === null || typeof edited !== "object" || Array.isArray(edited)) return fault(t("forge_not_json", { fault: t("fault_json") }));
  const guess = key.value;
  byId("forge").close();
  return presentForged(edited, guess, alg.value, origin);
}

function forget() {
  fault("");
}

function takeIt(event) {
  const { token, kind } = event.target.elements;
  const text = token.value.trim().replace(/^bearer\s+/i, "");
  token.value = "";
  if (event.submitter?.value === "go" && text) paste(kind.value, text);
}
