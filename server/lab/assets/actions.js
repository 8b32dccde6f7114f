/** What the buttons do. Each sends one request, and what comes back goes to the wallet. */

import { announce } from "./dom.js";
import { exchange } from "./exchange.js";
import { changeLetter, edit, sign, temptation } from "./jwt.js";
import { changed, keep, nameOf, take, wallet } from "./wallet.js";
import { page, t } from "./words.js";

const PATIENCE = 300; // milliseconds until the page says that it waits
let target = "protected";
let sending = null; // the request that is on its way, and whether it was asked for by hand

/** Send one request at a time: a second press while the server is busy sends nothing, and gets null.
 *
 * A press is never lost to the calls of every second: it goes out as soon as the one on its way is answered.
 */
async function send(request) {
  while (sending?.repeated && !request.repeated) await sending.end;
  if (sending !== null) return null;
  const end = deliver(request);
  sending = { repeated: request.repeated, end };
  return end.finally(() => (sending = null));
}

async function deliver(request) {
  const waiting = setTimeout(() => {
    wallet.pending = request;
    changed();
  }, PATIENCE);
  const result = await exchange({ path: page.endpoints[request.what === "login" ? "obtain" : request.what], ...request });
  clearTimeout(waiting);
  wallet.pending = null;
  keep(result);
  return result;
}

/** Log in. A refusal leaves the tokens that are there. */
export async function logIn(username, password) {
  const result = await send({ what: "login", method: "POST", data: { username, password }, secrets: [password] });
  if (result?.status === 200) {
    wallet.held.thief = null;
    for (const kind of ["access", "refresh"]) if (result.data?.[kind]) take(kind, result.data[kind], ["login", {}]);
    localStorage.setItem("lab-name", username);
  }
  return changed();
}

/** Call an endpoint of the API ("public", "protected" or "admin") with the token that is chosen, or with this one. */
export async function call(what, { token = chosen(), repeated = false } = {}) {
  if (token === undefined) return announce(t("need_token"));
  target = what;
  await send({ what, method: "GET", token, inHeader: true, repeated });
  return changed();
}

/** Call again what was called last. Its response does not take the place of one that was asked for by hand. */
export const callAgain = () => call(target, { repeated: true });

/** The token that is presented, null for "none", undefined when there is none yet. */
function chosen() {
  return wallet.presented === "none" ? null : wallet.held[wallet.presented] ?? undefined;
}

/** Refresh: the new access token takes the place of the old one, and a rotated refresh token too. */
export async function refresh() {
  const from = wallet.held.refresh;
  if (!from) return announce(t("need_token"));
  const before = wallet.held.access;
  const result = await send({ what: "refresh", method: "POST", token: from, data: { refresh: from.text } });
  for (const kind of ["access", "refresh"]) {
    if (result?.status !== 200 || typeof result.data?.[kind] !== "string") continue;
    const token = take(kind, result.data[kind], ["refresh", {}], { from: kind === "access" ? before : from });
    wallet.arrows.push({ from, to: token, time: token.since });
  }
  return changed();
}

/** Give a thief a copy of the refresh token. Nothing is sent, so nobody notices. */
export function steal() {
  const from = wallet.held.refresh;
  if (!from) return announce(t("need_token"));
  Object.assign(take("thief", from.text, ["stolen", {}], { from }), { spent: from.spent });
  announce(t("stolen", { name: nameOf(from) }));
  return changed();
}

/** Refresh with the thief's token. The page keeps the thief's new refresh token, and not the access token. */
export async function refreshAsThief() {
  const from = wallet.held.thief;
  if (!from) return announce(t("need_token"));
  const result = await send({ what: "refresh", method: "POST", token: from, data: { refresh: from.text } });
  if (result?.status === 200 && typeof result.data?.refresh === "string") take("thief", result.data.refresh, ["refresh", {}], { from });
  return changed();
}

/** Ask the server to verify the token that is presented. */
export async function verify() {
  const token = chosen() ?? wallet.held.access;
  if (!token) return announce(t("need_token"));
  await send({ what: "verify", method: "POST", token, data: { token: token.text } });
  return changed();
}

/** Log out: have the refresh token revoked. It stays on the page, so that one can see it rejected. */
export async function logOut() {
  const token = wallet.held.refresh;
  if (!token) return announce(t("need_token"));
  await send({ what: "logout", method: "POST", token, data: { refresh: token.text } });
  return changed();
}

/** Change what tempts most in a part of the access token (another user, another algorithm), and present the result. */
export async function presentTampered(part) {
  const from = wallet.held.access;
  if (!from) return announce(t("need_token"));
  const tempting = part === "signature" ? null : temptation(from.decoded, part);
  if (tempting) return presentEdited(from, part, ...tempting);
  const { text, before, after } = changeLetter(from.text, part);
  return present(take("bench", text, ["tamper", { part, before, after }], { from, forgery: part }));
}

/** Present the token with one claim changed and the signature it had. */
export async function presentEdited(from, part, name, value) {
  const before = JSON.stringify(from.decoded[part].value[name]);
  const how = ["edit", { name, before, after: JSON.stringify(value) }];
  return present(take("bench", edit(from.text, part, name, value), how, { from, forgery: part }));
}

/** Present the refresh token, once, where an access token belongs. */
export async function swap() {
  const token = wallet.held.refresh;
  return token ? call("protected", { token }) : announce(t("need_token"));
}

/** Sign these claims with a guessed key, and present the result. It names the key that the token named which it came from. */
export async function presentForged(claims, key, alg, from) {
  const kid = from?.decoded.header.value?.kid;
  const text = sign(claims, key, alg, kid === undefined ? {} : { kid });
  return present(take("bench", text, ["forge", {}], { from, forgery: "forged" }));
}

/** Take a token from elsewhere as access, as refresh, or onto the bench. Nothing is sent. */
export function paste(kind, text) {
  take(kind, text, ["paste", {}]);
  wallet.presented = kind;
  changed();
}

const present = (token) => call("protected", { token });
