/** What outlives a reload: the history of responses, without any token, password or body. */

import { mask } from "./jwt.js";
import { nameOf, wallet } from "./wallet.js";

const KEY = "lab-history";
const MOST = 200;

/** Take up the history of before the reload, and leave it behind again when the page goes. */
export function keepHistory() {
  const before = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  wallet.exchanges.push(...before.map((exchange) => ({ ...exchange, before: true, token: null, secrets: [], data: null })));
  wallet.reloaded = before.length > 0;
  addEventListener("pagehide", () => sessionStorage.setItem(KEY, JSON.stringify(wallet.exchanges.slice(-MOST).map(slim))));
}

const slim = ({ id, time, status, statusText, what, method, path, reason, passage, token, of = null }) =>
  ({ id, time, status, statusText, what, method, path, reason: reason && mask(reason), passage, of: token ? nameOf(token) : of });
