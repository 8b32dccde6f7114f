/** What the buttons do. Each sends one request, and the answer goes to the wallet. */

import { announce, byId } from "./dom.js";
import { exchange } from "./exchange.js";
import { sign, tamper } from "./jwt.js";
import { changed, mark, take, wallet } from "./wallet.js";
import { page, t } from "./words.js";

let target = "protected";

async function send(request) {
  const result = await exchange({ path: page.endpoints[request.what === "login" ? "obtain" : request.what], ...request });
  wallet.exchange = result;
  mark(result);
  return result;
}

/** Log in. A refusal leaves the tokens that are there. */
export async function logIn(username, password) {
  const result = await send({ what: "login", method: "POST", data: { username, password }, secrets: [password] });
  if (result.status === 200) {
    for (const kind of ["access", "refresh"]) if (result.data?.[kind]) take(kind, result.data[kind], ["login", {}]);
    byId("presented").value = "access";
  }
  changed();
}

/** Call an endpoint of the API ("public", "protected" or "admin") with the token that is chosen, or with this one. */
export async function call(what, token = chosen()) {
  if (token === undefined) return announce(t("need_token"));
  target = what;
  await send({ what, method: "GET", token, inHeader: true });
  return changed();
}

/** Call again what was called last. */
export const callAgain = () => call(target);

/** The token that the select names, null for "none", undefined when there is none yet. */
function chosen() {
  const { value } = byId("presented");
  return value === "none" ? null : wallet.held[value] ?? undefined;
}

/** Refresh: the answer's access token takes the place of the old one, and a rotated refresh token too. */
export async function refresh() {
  const from = wallet.held.refresh;
  if (!from) return announce(t("need_token"));
  const before = wallet.held.access;
  const result = await send({ what: "refresh", method: "POST", token: from, data: { refresh: from.text } });
  for (const kind of ["access", "refresh"]) {
    if (result.status !== 200 || typeof result.data?.[kind] !== "string") continue;
    const token = take(kind, result.data[kind], ["refresh", {}], { from: kind === "access" ? before : from });
    wallet.arrows.push({ from, to: token, time: token.since });
  }
  return changed();
}

/** Ask the server to verify the token that is chosen. */
export async function verify() {
  const token = chosen() ?? wallet.held.access;
  if (!token) return announce(t("need_token"));
  await send({ what: "verify", method: "POST", token, data: { token: token.text } });
  return changed();
}

/** Log out: have the refresh token revoked. It stays on the page, so that one can see it refused. */
export async function logOut() {
  const token = wallet.held.refresh;
  if (!token) return announce(t("need_token"));
  await send({ what: "logout", method: "POST", token, data: { refresh: token.text } });
  return changed();
}

/** Change one letter of a part of the access token, and present the result. */
export async function presentTampered(part) {
  const from = wallet.held.access;
  if (!from) return announce(t("need_token"));
  const { text, before, after } = tamper(from.text, part);
  return present(take("bench", text, ["tamper", { part, before, after }], { from, forgery: part }));
}

/** Present the refresh token where an access token belongs. */
export async function swap() {
  byId("presented").value = "refresh";
  return call("protected");
}

/** Sign these claims with a guessed key, and present the result. */
export async function presentForged(claims, key, alg, from) {
  return present(take("bench", await sign(claims, key, alg), ["forge", {}], { from, forgery: "forged" }));
}

/** Take a token from elsewhere as access, as refresh, or onto the bench. Nothing is sent. */
export function paste(kind, text) {
  take(kind, text, ["paste", {}]);
  byId("presented").value = kind;
  changed();
}

async function present(token) {
  byId("presented").value = "bench";
  return call("protected", token);
}
