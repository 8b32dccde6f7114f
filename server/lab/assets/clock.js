/** The server's time: it decides when a token has expired, and a phone's clock may be wrong. */

const TRUSTED = 2; // seconds; the header Date has whole seconds, so a smaller difference says nothing
let ahead = 0;

/** Seconds since 1970 on the server's clock. */
export const now = () => Date.now() / 1000 + ahead;

/** How many seconds the server's clock is ahead of this machine's; negative when it is behind, 0 when they agree. */
export const difference = () => ahead;

/** Learn from the header Date of a response that came just now. */
export function learn(header) {
  const measured = Date.parse(header) / 1000 + 0.5 - Date.now() / 1000;
  if (Number.isFinite(measured)) ahead = Math.abs(measured) > TRUSTED ? measured : 0;
}
