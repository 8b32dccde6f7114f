/** The server's time: it decides when a token has expired, and a phone's clock may be wrong. */

const TRUSTED = 2; // seconds; the header Date has whole seconds, so a smaller difference says nothing
let ahead = 0;

/** Seconds since 1970 on the server's clock. */
export const now = () => Date.now() / 1000 + ahead;

/** Learn from the header Date of an answer that came just now. */
export function learn(header) {
  const difference = Date.parse(header) / 1000 + 0.5 - Date.now() / 1000;
  if (Number.isFinite(difference)) ahead = Math.abs(difference) > TRUSTED ? difference : 0;
}
