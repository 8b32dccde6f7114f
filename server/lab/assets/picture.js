/** The timeline as a file or on paper. */

import { byId, el } from "./dom.js";

const STYLES = ["fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-family", "font-weight", "fill-opacity"];

/** The drawing as SVG text that needs no style sheet; null while there is none. */
export function drawing() {
  const shown = byId("lanes").querySelector("svg");
  if (!shown) return null;
  const copy = shown.cloneNode(true);
  const [, , width, height] = shown.getAttribute("viewBox").split(" ");
  const originals = shown.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((element, index) => {
    const style = getComputedStyle(originals[index]);
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
  });
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return new XMLSerializer().serializeToString(copy);
}

/** Save the drawing: "svg" or "png" as a file, "print" on paper. */
export async function save(kind) {
  if (kind === "print") return window.print();
  const text = drawing();
  if (text === null) return undefined;
  const picture = new Blob([text], { type: "image/svg+xml" });
  return download(kind === "svg" ? picture : await raster(picture), `timeline.${kind}`);
}

async function raster(picture) {
  const address = URL.createObjectURL(picture);
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = el("canvas", { width: image.width * 2, height: image.height * 2 });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(address);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function download(blob, name) {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  // The browser reads the file after this function has returned.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
