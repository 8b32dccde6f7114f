/** A text with the parts of each token in it coloured and marked, the same everywhere on the page. */

import { el, shorten } from "./dom.js";
import { maskPart, PARTS, pieces } from "./jwt.js";

const LONGEST = 20_000; // characters; more of a body is not laid out

/** One part of a token: colour and underline say which. */
export const partOf = (index, text, whole) => el("span", { className: `tok ${PARTS[Math.min(index, 2)]}` }, whole ? shorten(text, 4000) : maskPart(text));

/** The text as a list of texts and elements. Unless `whole`, each token has its middle left out. */
export function coloured(text, whole) {
  return pieces(shorten(text, LONGEST)).map((piece) => (Array.isArray(piece)
    ? piece.flatMap((part, index) => [...(index ? ["."] : []), partOf(index, part, whole)]) : piece));
}
