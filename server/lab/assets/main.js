/** Joins the parts of the page: buttons to actions, changes to views, the stream to the recorder. */

import * as actions from "./actions.js";
import { drawAnswers } from "./answers.js";
import { keepHistory } from "./before.js";
import { drawCards } from "./cards.js";
import { compare, drawChanges } from "./changes.js";
import { difference } from "./clock.js";
import { prepareDialogs } from "./dialogs.js";
import { byId } from "./dom.js";
import { drawFlights } from "./flights.js";
import { drawGates } from "./gates.js";
import { drawLives, tick } from "./lives.js";
import { save } from "./picture.js";
import { record } from "./recorder.js";
import { prepareStage } from "./stage.js";
import { drawTimeline } from "./timeline.js";
import { drawVerdict } from "./verdict.js";
import { drawWall } from "./wall.js";
import { alive, changed, onChange, open, signOf, wallet } from "./wallet.js";
import { copy, drawWire } from "./wire.js";
import { duration, page, speak, t } from "./words.js";

const SECOND = 1000;
let auto = null;
let connection = "waiting";
let unfolded = false; // on a phone the login folds away once it has done its work

const DO = {
  public: () => actions.call("public"),
  protected: () => actions.call("protected"),
  admin: () => actions.call("admin"),
  refresh: actions.refresh,
  verify: actions.verify,
  logout: actions.logOut,
  tamper: (button) => actions.presentTampered(button.dataset.part),
  swap: actions.swap,
  steal: actions.steal,
  thief: actions.refreshAsThief,
  auto: toggleAuto,
};

function draw() {
  for (const part of [drawLives, drawVerdict, drawGates, drawTimeline, drawWire, drawCards, drawAnswers, drawChanges, drawControls]) part();
}

/** The most useful next button is the accented one: log in, call, wait, refresh. */
function next() {
  const { access, refresh } = wallet.held;
  if (!access) return "login";
  if (!alive(access)) return refresh && alive(refresh) ? "refresh" : "login";
  return wallet.exchanges.some(({ token }) => token === access) ? "wait" : "call";
}

function drawControls() {
  const wanted = next();
  for (const button of document.querySelectorAll("[data-next]")) button.classList.toggle("main", button.dataset.next === wanted);
  byId("login").dataset.folded = String(wanted !== "login" && !unfolded);
  byId("steal").hidden = !wallet.held.refresh?.family;
  byId("thief").hidden = !wallet.held.thief;
  byId("presented").value = wallet.presented;
  byId("presenting").dataset.other = String(wallet.presented !== "access");
  document.body.dataset.pending = String(Boolean(wallet.pending));
  for (const button of document.querySelectorAll("#controls button")) button.setAttribute("aria-disabled", String(Boolean(wallet.pending)));
  const last = auto === null ? null : wallet.exchanges.findLast(({ repeated }) => repeated);
  byId("pulse").textContent = last ? `${signOf(last.status)} ${last.status || "–"}` : "";
  showConnection(wallet.pending ? "pending" : wallet.exchanges.at(-1)?.timedOut ? "lost" : undefined);
  const off = difference();
  byId("notice").textContent = off ? t(off > 0 ? "clock_behind" : "clock_ahead", { time: duration(Math.abs(Math.round(off))) }) : "";
}

function toggleAuto(button) {
  clearInterval(auto);
  auto = auto === null ? setInterval(actions.callAgain, SECOND) : null;
  button.setAttribute("aria-pressed", String(auto !== null));
  if (auto === null) return changed();
  wallet.shown = null; // to start it is a wish to see it
  return actions.callAgain();
}

function showConnection(passing) {
  const state = passing ?? connection;
  byId("connection").dataset.state = state;
  const text = byId("connection").querySelector(".text");
  if (text.textContent !== t(`connection_${state}`)) text.textContent = t(`connection_${state}`);
}

function listen(selector, kind, listener) {
  for (const element of document.querySelectorAll(selector)) element.addEventListener(kind, () => listener(element));
}

function drawAll() {
  draw();
  drawFlights();
}

function logIn() {
  unfolded = false;
  const { username, password } = byId("login").elements;
  return actions.logIn(username.value, password.value);
}

byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  logIn();
});
listen("[data-account]", "click", (button) => {
  const { username, password } = byId("login").elements;
  [username.value, password.value] = [button.dataset.account, "test"];
  logIn();
});
listen("[data-do]", "click", (button) => DO[button.dataset.do](button));
listen("[data-copy]", "click", (button) => copy(button.dataset.copy, button.textContent));
listen("[data-save]", "click", (button) => save(button.dataset.save));
listen("[data-language]", "click", (button) => speak(button.dataset.language).then(() => (showConnection(), drawAll())));
listen("#whole", "change", draw);
listen("#older, #newer", "change", compare);
listen("#by-user, #by-client, #refusals", "change", drawFlights);
listen("#presented", "change", (select) => {
  wallet.presented = select.value;
  changed();
});
listen("#pin", "click", () => {
  wallet.pinned = wallet.pinned === wallet.shown ? null : wallet.shown;
  changed();
});
listen("#latest", "click", () => open(wallet.exchanges.at(-1)));
listen("#pause", "click", (button) => {
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  drawFlights();
});
listen("#more button", "click", () => (byId("more").open = false));

const { username } = byId("login").elements;
document.querySelector("[data-next=login]").addEventListener("click", (event) => {
  if (username.checkVisibility()) return;
  event.preventDefault();
  unfolded = true;
  drawControls();
  username.focus();
});
username.value = new URLSearchParams(location.search).get("name") ?? localStorage.getItem("lab-name") ?? "";
keepHistory();
prepareDialogs();
onChange(draw);
prepareStage(drawAll);
drawAll();
record({
  onRecords: drawFlights,
  onState: (state) => {
    connection = state;
    showConnection(wallet.pending ? "pending" : undefined);
  },
});
addEventListener("resize", drawTimeline);
setInterval(tick, SECOND / 4);
setInterval(drawTimeline, SECOND / 2);
setInterval(() => byId("recorder").hidden || drawWall(), SECOND);
for (const part of document.querySelectorAll("[inert]")) part.inert = false; // a click before this would be lost
