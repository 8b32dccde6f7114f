/** Everything the page knows: tokens, answers, the last exchange. In memory only, gone with the page. */

import { now } from "./clock.js";
import { decode } from "./jwt.js";
import { t } from "./words.js";

const MOST_MARKS = 2000;

/** `held` is what the cards show; `tokens` is every token there was; `marks` are answers, `arrows` refreshes. */
export const wallet = {
  held: { access: null, refresh: null, bench: null },
  tokens: [],
  marks: [],
  arrows: [],
  exchange: null,
};

const listeners = [];

/** Have a function called whenever something in the wallet has changed. */
export const onChange = (listener) => listeners.push(listener);

/** Say that something has changed. */
export const changed = () => listeners.forEach((listener) => listener());

/** Take a token: it gets a number, a lane and a card. `how` is [key, values] of where it came from. */
export function take(kind, text, how, { from = null, forgery = null } = {}) {
  const decoded = decode(text);
  const number = wallet.tokens.filter((token) => token.kind === kind).length + 1;
  const exp = decoded.payload.value?.exp;
  const token = { id: `${kind}-${number}`, kind, number, text, decoded, how, from, forgery, since: now(), exp: Number.isFinite(exp) ? exp : null };
  wallet.tokens.push(token);
  wallet.held[kind] = token;
  return token;
}

/** The sign of an answer, the same in words and in the timeline: colour is never needed. */
export function signOf(status) {
  if (status === 0) return "◇";
  if (status < 300) return "●";
  return { 401: "✕", 403: "■" }[status] ?? "▲";
}

/** What people call the token: "access token 2". */
export const nameOf = (token) => `${t(`kind_${token.kind}`)} ${token.number}`;

/** Seconds until the expiry, negative after it; null without a readable expiry. */
export const secondsLeft = (token) => (token.exp === null ? null : token.exp - now());

/** Note an answer for the timeline, on the lane of the token that was sent. */
export function mark(exchange) {
  wallet.marks.push({ token: exchange.token, time: exchange.time, status: exchange.status, reason: exchange.reason, what: exchange.what, call: `${exchange.method} ${exchange.path}` });
  if (wallet.marks.length > MOST_MARKS) wallet.marks.shift();
}
