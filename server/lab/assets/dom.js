/** Small helpers for elements. Text is always set as text, so what a token holds is never run. */

const SVG = "http://www.w3.org/2000/svg";

/** The element with this id. */
export const byId = (id) => document.getElementById(id);

/** A new element; children are elements or texts. A property with a dash, or `role`, becomes an attribute. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined) continue;
    if (name.includes("-") || name === "role") element.setAttribute(name, value);
    else element[name] = value;
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined));
  return element;
}

/** A new SVG element; children are SVG elements or texts. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.flat(Infinity));
  return element;
}

/** A table with a caption for screen readers; each row is a list of cells, texts or elements. */
export function table(caption, heads, rows) {
  return el("table", {},
    el("caption", { className: "unseen" }, caption),
    el("thead", {}, el("tr", {}, heads.map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell) => el("td", {}, cell))))));
}

/** Set attributes of an element; one that has this value already is left alone, and so is the layout. */
export function update(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value);
}

const rowsIn = new WeakMap();

/** Put these rows into a table's body: `wanted` has a function to make each one by a key of all that it says.
 *
 * A row that is there stays: laying out 200 anew takes longer than a frame.
 */
export function keepRows(body, wanted) {
  if (!rowsIn.has(body)) rowsIn.set(body, new Map());
  const rows = rowsIn.get(body);
  for (const [key, element] of rows) {
    if (wanted.has(key)) continue;
    element.remove();
    rows.delete(key);
  }
  let next = body.firstElementChild;
  for (const [key, make] of wanted) {
    if (rows.has(key)) {
      next = rows.get(key).nextElementSibling;
      continue;
    }
    rows.set(key, make());
    body.insertBefore(rows.get(key), next);
  }
}

/** Fill a select, keeping what is chosen where it is still there. `options` are [value, text]. */
export function fill(select, options, chosen = select.value) {
  const same = [...select.options].map((o) => `${o.value}\n${o.text}`).join() === options.map((o) => o.join("\n")).join();
  if (!same) select.replaceChildren(...options.map(([value, text]) => el("option", { value }, text)));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
}

const ANNOUNCED = 8000; // milliseconds: time enough to read a sentence
let silence = null;

/** Say a sentence at the edge of the page, and to screen readers. */
export function announce(sentence) {
  byId("announcer").textContent = sentence;
  clearTimeout(silence);
  silence = setTimeout(() => (byId("announcer").textContent = ""), ANNOUNCED);
}

/** The text, shortened in the middle when it is longer than `longest`. */
export function shorten(text, longest) {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}
