/** The text of a token: decode, change, sign, mask. Nothing here verifies: only the server has the key. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const HASHES = { HS256: "SHA-256", HS384: "SHA-384", HS512: "SHA-512" };
const TOKEN = /[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g;

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

/** The token with one letter of a part changed, and which: where a letter allows it, one claim's value changes. */
export function tamper(text, part) {
  const parts = text.split(".");
  const index = PARTS.indexOf(part);
  const old = parts[index] ?? "";
  const names = (changed) => Object.keys(attempt(() => object(changed)).value ?? {}).join();
  const fits = part === "signature" ? () => true : (changed) => names(changed) === names(old);
  const found = changesOf(old).find(({ changed }) => fits(changed)) ?? changesOf(old)[0];
  return { text: parts.with(index, found.changed).join("."), before: old[found.place], after: found.letter };
}

/** Every text that differs in one letter, from the first place on. */
function changesOf(old) {
  return [...old].flatMap((letter, place) => [...LETTERS].filter((other) => other !== letter)
    .map((other) => ({ place, letter: other, changed: old.slice(0, place) + other + old.slice(place + 1) })));
}

function encode(raw) {
  const text = btoa(Array.from(raw, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** A token with these claims, signed with the key (HMAC), or unsigned for the algorithm "none". */
export async function sign(claims, key, alg) {
  const utf8 = new TextEncoder();
  const signed = [{ alg, typ: "JWT" }, claims].map((part) => encode(utf8.encode(JSON.stringify(part)))).join(".");
  if (alg === "none") return `${signed}.`;
  const hmac = { name: "HMAC", hash: HASHES[alg] };
  const imported = await crypto.subtle.importKey("raw", utf8.encode(key), hmac, false, ["sign"]);
  return `${signed}.${encode(new Uint8Array(await crypto.subtle.sign("HMAC", imported, utf8.encode(signed))))}`;
}

/** A part with its middle left out, so that a photo of the screen is no token. */
export const maskPart = (part) => (part.length > 16 ? `${part.slice(0, 5)}…${part.slice(-4)}` : part);

/** The text with every token in it masked. */
export const mask = (text) => text.replace(TOKEN, (token) => token.split(".").map(maskPart).join("."));
