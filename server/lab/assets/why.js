/** Why the server answered so, as the key of one sentence. What the response alone cannot tell, the server's passage does. */

import { familyWhy } from "./families.js";

/** The key of the sentence for an exchange. */
export function why(exchange) {
  const { status, passage, what } = exchange;
  const family = familyWhy(exchange);
  if (family) return family;
  if (status === 0) return exchange.timedOut ? "why_timeout" : "why_no_answer";
  if (status < 300) return accepted(exchange);
  if (passage?.why) return stopped(exchange);
  if (status === 401) return what === "login" ? "why_login_401" : passage?.passed.length ? "why_after" : "why_401";
  if (status >= 500) return "why_5xx";
  return [400, 403, 404, 405, 429].includes(status) ? `why_${status}` : "why_other";
}

function accepted({ what, token, data, passage }) {
  if (token?.forgery === "forged" && passage?.passed.includes("signature")) return "why_forged_200";
  if (what === "public") return token ? "why_public_token_200" : "why_public_200";
  if (what === "login") return "why_login_200";
  if (what === "refresh") return data?.refresh ? "why_rotated_200" : "why_refresh_200";
  if (what === "verify") return "why_verify_200";
  if (what === "logout") return "why_logout_200";
  return token ? "why_protected_200" : "why_session_200";
}

/** Where the server stopped, and, where the page itself made the token, what it had done. */
function stopped({ passage, token }) {
  const alg = token?.decoded?.header.value?.alg;
  if (passage.why === "algorithm" && typeof alg === "string" && alg.toLowerCase() === "none") return "why_algorithm_none";
  if (passage.why === "signature" && token?.forgery) return `why_signature_${token.forgery}`;
  return `why_${passage.why}`;
}
