// Ed25519 by the strict rules (FORMAT.md, step 4): canonical encodings only, and no point of small order, neither as
// key nor in the signature. Browsers differ in what they refuse, so the rules are kept here, and the browser's own
// implementation, where it has one, is asked for the equation alone.

const ENTRY_DOMAIN = new TextEncoder().encode("massho-log-entry-v1\0");
const GROUP_ORDER = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;

/** The points met last: the lines of a log have one key. */
const knownKeys = new Map();

function strictKey(key) {
  if (!knownKeys.has(key)) {
    if (knownKeys.size > 100) knownKeys.clear();
    knownKeys.set(key, strictPoint(fromHex(key)));
  }
  return knownKeys.get(key);
}

/** A point of the curve, canonically encoded and not of small order; null for anything else. */
function strictPoint(bytes) {
  try {
    const point = nobleEd25519.Point.fromBytes(bytes);
    return point.isSmallOrder() ? null : point;
  } catch {
    return null;
  }
}

function littleEndian(bytes) {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`);
}

/** Whether this key (hexadecimal) signed these bytes under the tag of a domain. */
async function signedBy(publicKey, domain, message, signature) {
  const [key, r, s] = [fromHex(publicKey), signature.subarray(0, 32), signature.subarray(32)];
  const point = strictKey(publicKey);
  const scalar = littleEndian(s);
  if (!point || !strictPoint(r) || scalar >= GROUP_ORDER) return false;
  const signed = concat(domain, message);
  const native = await nativeKey(key);
  if (native) return crypto.subtle.verify("Ed25519", native, signature, signed);
  return equationHolds({ key, point, r, scalar }, signed);
}

/** The browser's own key; null where it knows no Ed25519. */
async function nativeKey(key) {
  try {
    return await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
  } catch {
    return null;
  }
}

/** R = sB - kA, compared as bytes: the equation without cofactor, which the library's own verify does not use. */
async function equationHolds({ key, point, r, scalar }, signed) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", concat(r, key, signed)));
  const k = littleEndian(digest) % GROUP_ORDER;
  const { BASE } = nobleEd25519.Point;
  const found = BASE.multiply(scalar, false).subtract(point.multiply(k, false));
  return toHex(found.toBytes()) === toHex(r);
}
