// Bytes, digits, hashes, and the texts that people compare.

const ZERO_HASH = "0".repeat(64);
const FINGERPRINT_DIGITS = 32;
/** Crockford's base 32: no I, L, O or U. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function fromHex(digits) {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

async function sha256(bytes) {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

/** Throws unless the bytes are UTF-8; a byte order mark stays. */
function strictUtf8(bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of parts) {
    whole.set(part, place);
    place += part.length;
  }
  return whole;
}

/** The lines that end with LF, without it, and what is left after the last LF. */
function splitLines(bytes) {
  const lines = [];
  let begin = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, begin)) {
    lines.push(bytes.subarray(begin, end));
    begin = end + 1;
  }
  return { lines, tail: bytes.subarray(begin) };
}

/** A key's fingerprint: 32 digits in groups of four. */
async function fingerprintOf(publicKey) {
  return grouped((await sha256(fromHex(publicKey))).slice(0, FINGERPRINT_DIGITS));
}

function grouped(digits) {
  return digits.match(/.{4}/g).join(" ");
}

/** Reads a fingerprint as people type it; null when it is none. */
function readFingerprint(typed) {
  const digits = typed.replace(/[ \-:\u3000]/g, "").toLowerCase();
  return /^[0-9a-f]{32}$/.test(digits) ? grouped(digits) : null;
}

/** The twelve characters of a head: its first 60 bits, five at a time. */
function head12(head) {
  const bits = BigInt(`0x${head.slice(0, 15)}`);
  const digit = (place) => ALPHABET[Number((bits >> BigInt(55 - 5 * place)) & 31n)];
  return Array.from({ length: 12 }, (_, place) => digit(place))
    .join("")
    .match(/.{4}/g)
    .join("-");
}

/** Reads the twelve characters as people type them; null when they are none. */
function readHead12(typed) {
  const kept = typed.replace(/[ \-\u3000]/g, "").replace(/[a-z]/g, (c) => c.toUpperCase());
  const read = kept.replace(/O/g, "0").replace(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{12}$/.test(read) ? read.match(/.{4}/g).join("-") : null;
}
