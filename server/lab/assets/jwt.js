/** The text of a token: decode, change, sign, mask. Nothing here verifies: only the server has the key. */

import { hmac } from "./sha2.js";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const WORD = /[\w.-]+/g;

/** The three parts in order. */
export const PARTS = ["header", "payload", "signature"];

function bytes(part) {
  if (!/^[\w-]*$/.test(part) || part.length % 4 === 1) throw new Error("fault_base64");
  return Uint8Array.from(atob(part.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
}

function object(part) {
  const raw = bytes(part);
  let value;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch {
    throw new Error("fault_json");
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new Error("fault_json");
  return value;
}

function attempt(read) {
  try {
    return { value: read() };
  } catch (error) {
    return { fault: error.message };
  }
}

/** Header and payload as `{value}` or `{fault}`, the length of the signature, and the number of parts. */
export function decode(text) {
  const parts = text.split(".");
  return {
    count: parts.length,
    parts,
    header: attempt(() => object(parts[0] ?? "")),
    payload: attempt(() => object(parts[1] ?? "")),
    signatureBytes: attempt(() => bytes(parts[2] ?? "").length).value ?? 0,
  };
}

/** The token with one claim of its header or payload replaced, and the signature that it had. */
export function edit(text, part, name, value) {
  const parts = text.split(".");
  const index = PARTS.indexOf(part);
  const claims = { ...object(parts[index]), [name]: value };
  return parts.with(index, encode(new TextEncoder().encode(JSON.stringify(claims)))).join(".");
}

/** What is changed to show that a part is signed: another user, another algorithm. `[name, value]`, or null. */
export function temptation(decoded, part) {
  const claims = decoded[part].value ?? {};
  if (part === "header") return "alg" in claims ? ["alg", claims.alg === "HS512" ? "HS256" : "HS512"] : null;
  const name = ["user_id", "sub"].find((claim) => claim in claims);
  return name ? [name, typeof claims[name] === "number" ? another(claims[name]) : String(another(claims[name]))] : null;
}

const another = (id) => (String(id) === "1" ? 2 : 1);

/** The token with one letter in the middle of a part changed; the last letter of a part may hold unused bits. */
export function changeLetter(text, part) {
  const parts = text.split(".");
  const index = PARTS.indexOf(part);
  const old = parts[index] ?? "";
  const place = Math.floor(old.length / 2);
  const letter = LETTERS[(LETTERS.indexOf(old[place]) + 1) % LETTERS.length];
  return { text: parts.with(index, old.slice(0, place) + letter + old.slice(place + 1)).join("."), before: old[place] ?? "", after: letter };
}

function encode(raw) {
  const text = btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A token with these claims, signed with the key (HMAC), or unsigned for the algorithm "none"; `names` are further claims of its header. */
export function sign(claims, key, alg, names = {}) {
  const utf8 = new TextEncoder();
  const signed = [{ alg, ...names, typ: "JWT" }, claims].map((part) => encode(utf8.encode(JSON.stringify(part)))).join(".");
  return `${signed}.${alg === "none" ? "" : encode(hmac(alg, utf8.encode(key), utf8.encode(signed)))}`;
}

/** A part with its middle left out, so that a photo of the screen is no token. */
export const maskPart = (part) => (part.length > 16 ? `${part.slice(0, 5)}…${part.slice(-4)}` : part);

/** The text in pieces: plain texts, and tokens as lists of their parts. In one pass, however long the text is. */
export function pieces(text) {
  const found = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    const parts = word.split(".");
    if (parts.length < 3 || parts.length > 5 || parts[0].length < 8 || parts[1].length < 8) continue;
    found.push(text.slice(end, index), parts);
    end = index + word.length;
  }
  return [...found, text.slice(end)];
}

/** The text with every token in it masked. */
export const mask = (text) => pieces(text).map((piece) => (Array.isArray(piece) ? piece.map(maskPart).join(".") : piece)).join("");
