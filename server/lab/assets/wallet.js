/** Everything the page knows: tokens, exchanges, what is shown and what is pinned. In memory only, gone with the page. */

import { now } from "./clock.js";
import { endOf, familyIn, learn } from "./families.js";
import { decode } from "./jwt.js";
import { t } from "./words.js";

const MOST_EXCHANGES = 2000;
const WITH_TEXT = 300; // of them keep their whole text
const FORGED = ["parts", "algorithm", "signature"];

/** `held` is what the countdowns show; `tokens` is every token there was; `exchanges` are in order of time; `arrows` are refreshes. */
export const wallet = {
  held: { access: null, refresh: null, bench: null, thief: null },
  presented: "access",
  tokens: [],
  exchanges: [],
  arrows: [],
  shown: null,
  pinned: null,
};

const listeners = [];

/** Have a function called whenever something in the wallet has changed. */
export const onChange = (listener) => listeners.push(listener);

let planned = false;

/** Say that something has changed. However much changes until the next picture, the views are drawn once. */
export function changed() {
  if (planned) return;
  planned = true;
  requestAnimationFrame(() => {
    planned = false;
    listeners.forEach((listener) => listener());
  });
}

/** Take a token: it gets a number, a lane and a card. `how` is [key, values] of where it came from. */
export function take(kind, text, how, { from = null, forgery = null } = {}) {
  const decoded = decode(text);
  const number = wallet.tokens.filter((token) => token.kind === kind).length + 1;
  const exp = decoded.payload.value?.exp;
  const token = { id: `${kind}-${number}`, kind, number, text, decoded, how, from, forgery, since: now(), spent: null, family: kind === "bench" ? null : familyIn(decoded), exp: Number.isFinite(exp) ? exp : null, rejected: false };
  wallet.tokens.push(token);
  wallet.held[kind] = token;
  // To present a bench token is a state that ends with the next token of one's own.
  if (kind !== "thief") wallet.presented = kind === "bench" ? "bench" : kind === "refresh" && wallet.presented === "refresh" ? "refresh" : "access";
  return token;
}

/** Keep an exchange. One that was asked for by hand is shown; a repeated call is shown only while no other one is. */
export function keep(exchange) {
  wallet.exchanges.push(exchange);
  if (wallet.exchanges.length > MOST_EXCHANGES) wallet.exchanges.shift();
  const old = wallet.exchanges.at(-WITH_TEXT - 1);
  if (old && old !== wallet.pinned) Object.assign(old, { text: "", body: null, faded: true });
  if (exchange.token && FORGED.includes(exchange.passage?.gate)) exchange.token.rejected = true;
  learn(exchange, wallet.tokens);
  if (!exchange.repeated || wallet.shown === null || (wallet.shown.repeated && wallet.shown === wallet.following)) show(exchange);
}

/** Show this exchange. */
export function show(exchange) {
  wallet.shown = exchange;
  wallet.following = exchange === wallet.exchanges.at(-1) ? exchange : null;
}

/** Show this exchange because somebody asked for it. */
export function open(exchange) {
  show(exchange);
  changed();
}

/** The sign of a response, the same in words and in the timeline: colour is never needed. */
export function signOf(status) {
  if (status === 0) return "◇";
  if (status < 300) return "●";
  return { 401: "✕", 403: "■" }[status] ?? "▲";
}

/** What people call the token: "access token 2". */
export const nameOf = (token) => `${t(`kind_${token.kind}`)} ${token.number}`;

/** Seconds until the expiry, negative after it; null without a readable expiry. */
export const secondsLeft = (token) => (token.exp === null ? null : token.exp - now());

/** Whether the server could still accept the token. */
export const alive = (token) => !token.rejected && !token.spent && !endOf(token) && !(secondsLeft(token) <= 0);
