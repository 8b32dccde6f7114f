/** Token families: which token was spent, and whether its family has ended. A server without families has none here. */

import { t } from "./words.js";

/** What a server with token families says, and the sentence that explains it. */
const SAID = {
  "Token was just used": "why_family_just_used",
  "Token was used before: its family is revoked": "why_family_reused",
  "Token family is revoked": "why_family_revoked",
  "Token family is too old": "why_family_too_old",
  "Token belongs to no family": "why_family_none",
};
const ENDS = ["why_family_reused", "why_family_revoked", "why_family_too_old"];
const ended = new Map(); // family: when it ended, and how

/** The family in a token's payload, or null. */
export function familyIn(decoded) {
  const { family } = decoded.payload.value ?? {};
  return typeof family === "string" && family ? family : null;
}

/** What people call a family: a few letters tell two of them apart. */
export const shortName = (family) => [...family].slice(0, 4).join("");

/** The family of a token in words, with its sign; nothing where there is none. */
export const familyLabel = ({ family }) => (family ? `◆ ${t("family", { family: shortName(family) })}` : "");

/** Whether a token can refresh: these end with their family, and an access token does not. */
const refreshes = ({ kind }) => kind === "refresh" || kind === "thief";

/** How and when the token's family ended, as far as this page has seen it: `{time, key}`, or undefined. */
export const endOf = (token) => (token.family && refreshes(token) ? ended.get(token.family) : undefined);

/** The key of the sentence for a response that speaks of families; undefined for every other. */
export function familyWhy({ what, status, token, data, reason }) {
  if (status >= 400) return SAID[reason];
  if (!token?.family || status === 0) return undefined;
  return { refresh: data?.refresh ? "why_family_200" : undefined, logout: "why_family_logout_200" }[what];
}

/** Learn from a response which token was spent, and which family has ended. */
export function learn(exchange, tokens) {
  const { token, time } = exchange;
  const key = familyWhy(exchange);
  if (!token?.family || !key) return;
  if (key === "why_family_200") for (const copy of tokens) if (copy.text === token.text) copy.spent = time;
  const how = key === "why_family_logout_200" ? "family_logged_out" : ENDS.includes(key) ? "family_revoked" : null;
  if (how && !ended.has(token.family)) ended.set(token.family, { time, key: how });
}
