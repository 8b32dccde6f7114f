/** HMAC with SHA-2, written out: on plain http, as a phone opens the class, a browser has no crypto.subtle. */

const ROTATIONS = {
  32: [[2, 13, 22], [6, 11, 25], [7, 18, 3], [17, 19, 10]],
  64: [[28, 34, 39], [14, 18, 41], [1, 8, 7], [19, 61, 6]],
};
const ALGORITHMS = { HS256: { bits: 32, from: 0, words: 8 }, HS384: { bits: 64, from: 8, words: 6 }, HS512: { bits: 64, from: 0, words: 8 } };
const PRIMES = [];
for (let n = 2; PRIMES.length < 80; n += 1) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);

/** The first `bits` bits after the point of a root of n: all constants of SHA-2 are made so (FIPS 180-4). */
function fraction(n, degree, bits) {
  const wanted = BigInt(n) << BigInt(bits * degree);
  let [low, high] = [0n, 1n << BigInt(bits + 10)];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle ** BigInt(degree) <= wanted) low = middle;
    else high = middle;
  }
  return BigInt.asUintN(bits, low);
}

function padded(bytes, block) {
  const length = Math.ceil((bytes.length + 1 + block / 8) / block) * block;
  const whole = new Uint8Array(length);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  new DataView(whole.buffer).setBigUint64(length - 8, BigInt(bytes.length * 8));
  return new DataView(whole.buffer);
}

function hash(bytes, { bits, from, words }) {
  const [size, rounds] = bits === 32 ? [4, 64] : [8, 80];
  const cut = (n) => BigInt.asUintN(bits, n);
  const turn = (x, n) => cut((x >> BigInt(n)) | (x << BigInt(bits - n)));
  const [big0, big1, small0, small1] = ROTATIONS[bits];
  const big = (x, [a, b, c]) => turn(x, a) ^ turn(x, b) ^ turn(x, c);
  const small = (x, [a, b, c]) => turn(x, a) ^ turn(x, b) ^ (x >> BigInt(c));
  const constants = PRIMES.slice(0, rounds).map((prime) => fraction(prime, 3, bits));
  let state = PRIMES.slice(from, from + 8).map((prime) => fraction(prime, 2, bits));
  const data = padded(bytes, size * 16);
  const read = (place) => (bits === 32 ? BigInt(data.getUint32(place)) : data.getBigUint64(place));
  for (let start = 0; start < data.byteLength; start += size * 16) {
    const w = Array.from({ length: 16 }, (_, index) => read(start + index * size));
    for (let t = 16; t < rounds; t += 1) w.push(cut(small(w[t - 2], small1) + w[t - 7] + small(w[t - 15], small0) + w[t - 16]));
    let [a, b, c, d, e, f, g, h] = state;
    for (let t = 0; t < rounds; t += 1) {
      const first = cut(h + big(e, big1) + ((e & f) ^ (cut(~e) & g)) + constants[t] + w[t]);
      const second = cut(big(a, big0) + ((a & b) ^ (a & c) ^ (b & c)));
      [h, g, f, e, d, c, b, a] = [g, f, e, cut(d + first), c, b, a, cut(first + second)];
    }
    state = [a, b, c, d, e, f, g, h].map((word, index) => cut(word + state[index]));
  }
  return Uint8Array.from(state.slice(0, words).flatMap((word) => Array.from({ length: size }, (_, index) => Number((word >> BigInt(bits - 8 * (index + 1))) & 255n))));
}

/** The signature of these bytes with this key, both Uint8Array. `alg` is HS256, HS384 or HS512 (RFC 2104, RFC 7518). */
export function hmac(alg, key, bytes) {
  const kind = ALGORITHMS[alg];
  const block = kind.bits * 2;
  const filled = new Uint8Array(block);
  filled.set(key.length > block ? hash(key, kind) : key);
  const inner = hash(Uint8Array.from([...filled.map((byte) => byte ^ 0x36), ...bytes]), kind);
  return hash(Uint8Array.from([...filled.map((byte) => byte ^ 0x5c), ...inner]), kind);
}
