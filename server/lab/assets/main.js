/** Joins the parts of the page: buttons to actions, changes to views, the stream to the recorder. */

import * as actions from "./actions.js";
import { drawCards, tick } from "./cards.js";
import { compare, drawChanges } from "./changes.js";
import { prepareDialogs } from "./dialogs.js";
import { byId } from "./dom.js";
import { drawFlights } from "./flights.js";
import { save } from "./picture.js";
import { record } from "./recorder.js";
import { drawAnswers, drawTimeline } from "./timeline.js";
import { copy, drawVerdict } from "./verdict.js";
import { onChange } from "./wallet.js";
import { speak, t } from "./words.js";

const SECOND = 1000;
let auto = null;
let busy = false;
let connection = "waiting";

const DO = {
  public: () => actions.call("public"),
  protected: () => actions.call("protected"),
  admin: () => actions.call("admin"),
  refresh: actions.refresh,
  verify: actions.verify,
  logout: actions.logOut,
  tamper: (button) => actions.presentTampered(button.dataset.part),
  swap: actions.swap,
  auto: toggleAuto,
};

function draw() {
  drawCards();
  drawVerdict();
  drawTimeline();
  drawAnswers();
  drawChanges();
}

function toggleAuto(button) {
  clearInterval(auto);
  auto = auto === null ? setInterval(callOnce, SECOND) : null;
  button.setAttribute("aria-pressed", String(auto !== null));
  return auto === null ? undefined : callOnce();
}

async function callOnce() {
  if (busy) return; // the answer before is still on its way
  busy = true;
  await actions.callAgain().finally(() => (busy = false));
}

function showConnection(state = connection) {
  connection = state;
  byId("connection").dataset.state = state;
  const text = byId("connection").querySelector(".text");
  if (text.textContent !== t(`connection_${state}`)) text.textContent = t(`connection_${state}`);
}

function listen(selector, kind, listener) {
  for (const element of document.querySelectorAll(selector)) element.addEventListener(kind, () => listener(element));
}

async function changeLanguage(language) {
  await speak(language);
  showConnection();
  drawCards({ anew: true });
  draw();
  drawFlights();
}

byId("login").addEventListener("submit", (event) => {
  event.preventDefault();
  const { username, password } = event.target.elements;
  actions.logIn(username.value, password.value);
});
listen("[data-account]", "click", (button) => {
  const { username, password } = byId("login").elements;
  [username.value, password.value] = [button.dataset.account, "test"];
  actions.logIn(username.value, password.value);
});
listen("[data-do]", "click", (button) => DO[button.dataset.do](button));
listen("[data-copy]", "click", (button) => copy(button.dataset.copy, button.textContent));
listen("[data-save]", "click", (button) => save(button.dataset.save));
listen("[data-language]", "click", (button) => changeLanguage(button.dataset.language));
listen("#whole", "change", draw);
listen("#older, #newer", "change", compare);
listen("#by-user, #by-client", "change", drawFlights);
listen("#answers", "toggle", drawAnswers);

prepareDialogs();
onChange(draw);
draw();
drawFlights();
record({ onRecords: drawFlights, onState: showConnection });
setInterval(tick, SECOND / 4);
setInterval(drawTimeline, SECOND / 2);
