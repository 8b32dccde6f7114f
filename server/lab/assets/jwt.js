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

/** The token with one letter of a part changed, and which. It stays decodable where a letter allows it. */
export function tamper(text, part) {
  const parts = text.split(".");
  const index = PARTS.indexOf(part);
  const old = parts[index] ?? "";
  const places = part === "signature" ? [0] : [...old].map((_, place) => (place + (old.length >> 1)) % old.length);
  for (const place of places) {
    for (const letter of LETTERS) {
      if (letter === old[place]) continue;
      const changed = old.slice(0, place) + letter + old.slice(place + 1);
      if (part !== "signature" && attempt(() => object(changed)).fault) continue;
      return { text: parts.with(index, changed).join("."), before: old[place], after: letter };
    }
  }
  return { text, before: "", after: "" };
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
