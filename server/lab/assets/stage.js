/** The stage: what is open beside it, the tabs of a phone, and the large letters for a room. */

import { byId } from "./dom.js";

const VIEWS = ["wire", "tokens", "history", "recorder"];
const IN_TAB = { try: null, tokens: "tokens", timeline: "history", recorder: "recorder" };

/** Make panels, tabs and keys work. `onOpen` is called after each change of what is visible. */
export function prepareStage(onOpen) {
  const open = (view) => {
    setPanel(view);
    onOpen();
  };
  for (const button of document.querySelectorAll("[data-panel]")) {
    if (button.matches("button")) button.addEventListener("click", () => open(document.body.dataset.panel === button.dataset.panel ? null : button.dataset.panel));
  }
  for (const button of document.querySelectorAll("button[data-tab]")) {
    button.addEventListener("click", () => {
      setTab(button.dataset.tab);
      open(IN_TAB[button.dataset.tab]);
    });
  }
  const close = () => {
    const opener = document.querySelector(`button[data-panel="${document.body.dataset.panel}"]`);
    setTab("try");
    open(null);
    opener?.focus();
  };
  byId("close").addEventListener("click", close);
  byId("large").addEventListener("click", () => setLarge(!isLarge(), onOpen));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && document.body.dataset.panel) close();
    if (event.key === "s") setLarge(!isLarge(), onOpen);
  });
  const asked = new URLSearchParams(location.search);
  if (asked.has("stage")) setLarge(true, onOpen);
  if (asked.has("room")) open("recorder");
}

function setPanel(view) {
  document.body.dataset.panel = view ?? "";
  for (const id of VIEWS) byId(id).hidden = id !== view;
  for (const button of document.querySelectorAll("button[data-panel]")) button.setAttribute("aria-expanded", String(button.dataset.panel === view));
}

function setTab(tab) {
  document.body.dataset.tab = tab;
  for (const button of document.querySelectorAll("button[data-tab]")) button.setAttribute("aria-pressed", String(button.dataset.tab === tab));
}

const isLarge = () => document.documentElement.classList.contains("stage");

function setLarge(large, onOpen) {
  document.documentElement.classList.toggle("stage", large);
  byId("large").setAttribute("aria-pressed", String(large));
  const address = new URL(location);
  if (large) address.searchParams.set("stage", "");
  else address.searchParams.delete("stage");
  history.replaceState(null, "", address);
  onOpen();
}
