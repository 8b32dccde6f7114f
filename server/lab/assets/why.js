/** Why the server answered so, as the key of one sentence. */

const REASONS = [
  [/token is expired/i, "why_expired"],
  [/wrong type/i, "why_wrong_type"],
  [/token is blacklisted/i, "why_blacklisted"],
  [/credentials were not provided/i, "why_no_credentials"],
  [/no active account found with/i, "why_login_401"],
  [/no active account found for/i, "why_user_inactive"],
  [/user not found/i, "why_user_not_found"],
  [/user is inactive/i, "why_user_inactive"],
];
const CODES = {
  bad_authorization_header: "why_bad_header",
  user_not_found: "why_user_not_found",
  user_inactive: "why_user_inactive",
  password_changed: "why_password_changed",
};

/** The key of the sentence for an exchange, from its status, its code and its message. */
export function why({ status, what, token, data, reason }) {
  if (status === 0) return "why_no_answer";
  if (status < 300) return accepted(what, token, data);
  if (status === 401) return unauthenticated(token, data, reason ?? "");
  if (status >= 500) return "why_5xx";
  return [400, 403, 404, 405, 429].includes(status) ? `why_${status}` : "why_other";
}

function accepted(what, token, data) {
  if (token?.forgery === "forged" && ["protected", "admin"].includes(what)) return "why_forged_200";
  if (what === "public") return token ? "why_public_token_200" : "why_public_200";
  if (what === "login") return "why_login_200";
  if (what === "refresh") return data?.refresh ? "why_rotated_200" : "why_refresh_200";
  if (what === "verify") return "why_verify_200";
  if (what === "logout") return "why_logout_200";
  return token ? "why_protected_200" : "why_session_200";
}

function unauthenticated(token, data, reason) {
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  if (known) return known[1];
  if (Object.hasOwn(CODES, data?.code ?? "")) return CODES[data.code];
  if (data?.code !== "token_not_valid") return "why_401";
  return token?.forgery ? `why_invalid_${token.forgery}` : "why_invalid";
}
