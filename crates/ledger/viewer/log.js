// One log: the order of verification (FORMAT.md). The first fault ends it; the entries before are proven.

const FORMATS = ["massho-log/1", "massho-log/2", "massho-log/3"];
const SUFFIX_LENGTH = 138;
const SUFFIX = /,"sig":"([0-9a-f]{128})"\}$/;

/** What is wrong with a line; `reason` names a sentence of the catalogue, `values` fill it. */
class Refused extends Error {
  constructor(reason, values = {}) {
    super(reason);
    this.reason = reason;
    this.values = values;
  }
}

/** Judges the bytes of a log. `anchors` is what somebody knows of it from elsewhere: `key`, `head`. */
async function verifyLog(bytes, anchors = {}) {
  const reader = new LogReader(bytes, anchors);
  const fault = await reader.read();
  const { entries, head, last, story } = reader;
  const fingerprint = story.open ? await fingerprintOf(story.open.public_key) : null;
  return { fault, entries, head, last, fingerprint, ...story.report() };
}

/** How far a log can be relied on. */
function standing(report) {
  if (!report.fault) return "verified";
  return ["torn", "not_closed"].includes(report.fault.reason) ? "unclosed" : "refused";
}

class LogReader {
  constructor(bytes, anchors) {
    Object.assign(this, splitLines(bytes), { anchors, key: null, entries: 0, head: ZERO_HASH, last: null });
    this.format = null;
    this.story = new Story();
  }

  async read() {
    for (let index = 0; index < this.lines.length; index += 1) {
      try {
        await this.line(index);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        return { line: index + 1, reason: error.reason, values: error.values };
      }
    }
    const end = this.end();
    return end && { line: this.lines.length + 1, values: {}, ...end };
  }

  end() {
    const { expected, found } = { expected: this.anchors.head, found: head12(this.head) };
    if (!this.story.close) {
      if (this.tail.length > 0) return { reason: "torn" };
      return { reason: this.lines.length === 0 ? "empty" : "not_closed" };
    }
    if (this.tail.length > 0) return { reason: "after_close" };
    return expected && expected !== found ? { reason: "head_differs", values: { expected, found } } : null;
  }

  async line(index) {
    const raw = this.lines[index];
    if (this.story.close) throw new Refused("after_close");
    const { text, signature } = sealed(raw);
    const frame = readFrame(text);
    if (!frame) throw new Refused("no_log");
    const key = await this.keyOf(frame);
    const signed = raw.subarray(0, raw.length - SUFFIX_LENGTH);
    if (!(await signedBy(key, ENTRY_DOMAIN, signed, signature))) throw await this.whyNotSigned(index, frame);
    this.number(index, frame.seq);
    if (frame.prev !== this.head) throw new Refused("altered");
    const members = understood(frame, this.format);
    await this.story.take(frame.type, members, frame.seq);
    this.entries += 1;
    this.head = await sha256(raw);
    this.last = frame.at;
  }

  /** The key that must have signed: the first entry names it. */
  async keyOf(frame) {
    if (this.key) return this.key;
    if (frame.type !== "open") {
      this.number(0, frame.seq);
      throw new Refused("no_log");
    }
    const { format, public_key: key } = frame.members;
    if (!FORMATS.includes(format)) {
      throw new Refused("unknown_format", { format: typeof format === "string" ? format : "" });
    }
    if (typeof key !== "string" || !/^[0-9a-f]{64}$/.test(key)) {
      throw new Refused("not_understood", { detail: "public_key is no key" });
    }
    const [expected, found] = [this.anchors.key, await fingerprintOf(key)];
    if (expected && expected !== found) throw new Refused("wrong_key", { expected, found });
    Object.assign(this, { key, format });
    return key;
  }

  /** An altered line and one that another key signed both fail; the chain tells them apart where it can. */
  async whyNotSigned(index, frame) {
    const here = await sha256(this.lines[index]);
    const next = this.frameAt(index + 1);
    const chained = next?.prev === here && frame.prev === this.head && frame.seq === this.entries;
    return new Refused(chained ? "other_key" : "altered");
  }

  number(index, found) {
    const expected = this.entries;
    if (found === expected) return;
    if (found < expected) throw new Refused("repeated", { found });
    for (let later = index + 1; later < this.lines.length; later += 1) {
      if (this.frameAt(later)?.seq === expected) throw new Refused("reordered", { expected, found });
    }
    throw new Refused("missing", { from: expected, to: found - 1 });
  }

  frameAt(index) {
    try {
      return index < this.lines.length ? readFrame(strictUtf8(this.lines[index])) : null;
    } catch {
      return null;
    }
  }
}

/** The text of a line, and its signature. */
function sealed(raw) {
  let text;
  try {
    text = strictUtf8(raw);
  } catch {
    throw new Refused("no_log");
  }
  const suffix = SUFFIX.exec(text);
  if (!suffix) throw new Refused("no_log");
  return { text, signature: fromHex(suffix[1]) };
}

/** What every line has, whatever its type; null where it does not stand as it should. */
function readFrame(text) {
  try {
    const { seq, prev, type, at: moment, sig, ...members } = parseJson(text);
    number(seq);
    hex(32)(prev);
    expect(typeof type === "string" && sig !== undefined, "the frame is not whole");
    at(moment);
    const begin = `{"seq":${seq},"prev":"${prev}","type":"${type}","at":{`;
    return text.startsWith(begin) ? { seq, prev, type, at: moment, members } : null;
  } catch (error) {
    if (error instanceof NotJson || error instanceof NotUnderstood) return null;
    throw error;
  }
}

/** The members of an entry, as the newest format has them. */
function understood(frame, format) {
  try {
    return checkEntry(format, frame.type, frame.members);
  } catch (error) {
    throw error instanceof NotUnderstood ? new Refused("not_understood", { detail: error.message }) : error;
  }
}
