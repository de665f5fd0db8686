// All logs of a stick together (FORMAT.md): which one is missing, cut, continued or replaced.

const LOG_FOLDER = "MASSHO-LOG";
const LOG_SUFFIX = ".jsonl";
/** `20261123-014500-abababab` of a file's name: what the files of one session share. */
const STEM = 24;
const MOST_GAPS = 100;
const lowerAscii = (name) => name.replace(/[A-Z]/g, (c) => c.toLowerCase());
const isLogName = (name) => lowerAscii(name).endsWith(LOG_SUFFIX);

/** Judges one log by itself. A log: `name`, `bytes` or `unreadable`. */
async function judgeOne(log, anchors) {
  const { name, bytes, twins } = log;
  if (!bytes) return { name, twins, unreadable: log.unreadable };
  return { name, twins, bytes, report: await verifyLog(bytes, anchors), before: null };
}

/** Judges every log of a stick. */
async function judgeStick(found) {
  const wholes = beginnings(found);
  const heads = new Map();
  for (const log of found.filter((one) => one.bytes)) heads.set(lowerAscii(log.name), await headOf(log.bytes));
  const logs = [];
  for (const log of found) {
    const whole = wholes.get(log.name);
    logs.push(whole ? { name: log.name, twins: log.twins, beginningOf: whole } : await judgeOne(log));
  }
  for (const log of logs.filter((one) => one.report)) log.before = checkBefore(log.report, heads);
  return { logs, missing: missingSessions(logs) };
}

function isGood(log) {
  if (log.twins?.said === "twins_conflict" || log.unreadable !== undefined) return false;
  if (log.beginningOf !== undefined) return true;
  return standing(log.report) === "verified" && log.before === null && !wantsVoucher(log);
}

/** Whether somebody should vouch for a log, and nobody does: neither an office, nor a note of screen or paper. */
function wantsVoucher({ trust, anchors }) {
  if (!trust) return false;
  const noted = Boolean(anchors?.key || anchors?.head);
  return trust.doubtful || (trust.is === "unregistered" && trust.asked && !noted);
}

/** Which file is the beginning of which other one: the stick failed in between. */
function beginnings(found) {
  const wholes = new Map();
  const read = found.filter((log) => log.bytes);
  for (const { name, bytes } of read) {
    const longer = (other) =>
      other.bytes.length > bytes.length && bytes.every((byte, place) => other.bytes[place] === byte);
    const whole = read.find((other) => sameSession(name, other.name) && longer(other));
    if (whole) wholes.set(name, whole.name);
  }
  return wholes;
}

function sameSession(a, b) {
  return a.length >= STEM && lowerAscii(a.slice(0, STEM)) === lowerAscii(b.slice(0, STEM));
}

/** The hash of the last whole line. */
async function headOf(bytes) {
  return sha256(splitLines(bytes).lines.at(-1) ?? new Uint8Array());
}

/** Whether the session went over to another stick: then its counter and its predecessor are the first one's. */
function moved(report) {
  return report.notices.some((notice) => notice.code === "stick-replaced");
}

function checkBefore(report, heads) {
  const before = moved(report) ? null : report.open?.stick.previous;
  if (!before) return null;
  const head = heads.get(lowerAscii(before.file));
  if (head === undefined) return { reason: "before_gone", file: before.file };
  return head === before.head ? null : { reason: "before_changed", file: before.file };
}

/** The numbers from 1 that are missing, stick by stick. */
function missingSessions(logs) {
  const sticks = new Map();
  for (const { report } of logs.filter((log) => log.report?.open && !moved(log.report))) {
    const { identity_fingerprint: id, serial, session_counter: counter } = report.open.stick;
    if (!sticks.has(id)) sticks.set(id, { serial, counters: new Set() });
    sticks.get(id).counters.add(counter);
  }
  const ordered = [...sticks].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, stick]) => stick);
  return ordered.flatMap(({ serial, counters }) => gaps(counters).map((counter) => ({ stick: serial, counter })));
}

function gaps(counters) {
  const missing = [];
  const last = Math.max(0, ...counters);
  for (let counter = 1; counter < last && missing.length < MOST_GAPS; counter += 1) {
    if (!counters.has(counter)) missing.push(counter);
  }
  return missing;
}
