// The two files of a log (FORMAT.md, "A log and its copy"): which one counts, and what is to be said of them.

const COPY_FOLDER = "COPY";
const COPY_SUFFIX = ".copy";
const isCopyName = (name) => lowerAscii(name).endsWith(COPY_SUFFIX);
const stemOf = (name) => name.slice(0, name.length - (isCopyName(name) ? COPY_SUFFIX : LOG_SUFFIX).length);

/** Every log of which a file was found, in the order of their names, by the one of its files that counts. */
async function joinTwins(files) {
  const pairs = new Map();
  for (const file of files) {
    // FAT knows no case.
    const key = lowerAscii(stemOf(file.name));
    const pair = pairs.get(key) ?? { name: `${stemOf(file.name)}${LOG_SUFFIX}` };
    pairs.set(key, isCopyName(file.name) ? { ...pair, copy: file } : { ...pair, name: file.name, log: file });
  }
  const ordered = [...pairs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pair]) => pair);
  return Promise.all(ordered.map(settlePair));
}

/** `twins` names a sentence of the catalogue; null where nothing is to be said. */
async function settlePair({ name, log, copy }) {
  const found = (file, twins, bad) => ({ ...file, name, twins: twins && twinsSaid(name, twins, bad) });
  if (!copy) return found(log, null);
  if (!log) return found(copy, "only_copy");
  if (!log.bytes || !copy.bytes) {
    if (!log.bytes && !copy.bytes) return found(log, null);
    return log.bytes ? found(log, "one_damaged", "copy") : found(copy, "one_damaged", "log");
  }
  const [one, other] = [await verifyLog(log.bytes), await verifyLog(copy.bytes)];
  const copyCounts = isWorthMore(other, one);
  const [better, worse, proven] = copyCounts ? [copy, log, one] : [log, copy, other];
  if (startsWith(better.bytes, worse.bytes) || startsWith(worse.bytes, better.bytes)) return found(better, null);
  const damaged = startsWith(better.bytes, firstLines(worse.bytes, proven.entries));
  return damaged ? found(better, "one_damaged", copyCounts ? "log" : "copy") : found(better, "twins_conflict");
}

/** Verified before 未完結 before refused, then by how much is proven. */
function isWorthMore(a, b) {
  const worth = (report) => ["refused", "unclosed", "verified"].indexOf(standing(report));
  return worth(a) > worth(b) || (worth(a) === worth(b) && a.entries > b.entries);
}

function startsWith(bytes, begin) {
  return bytes.length >= begin.length && begin.every((byte, place) => bytes[place] === byte);
}

function firstLines(bytes, count) {
  const lengths = splitLines(bytes)
    .lines.slice(0, count)
    .map((line) => line.length + 1);
  return bytes.subarray(
    0,
    lengths.reduce((sum, length) => sum + length, 0),
  );
}

function twinsSaid(name, said, bad) {
  const log = `${LOG_FOLDER}/${name}`;
  const copy = `${LOG_FOLDER}/${COPY_FOLDER}/${stemOf(name)}${COPY_SUFFIX}`;
  return { said, values: { log, copy, bad: bad === "copy" ? copy : log, good: bad === "copy" ? log : copy } };
}
