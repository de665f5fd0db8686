// JSON as FORMAT.md allows it: stricter than JSON itself, so that two readers never read two things.
// JSON.parse would keep the last of two equal members and round large numbers.

class NotJson extends Error {}

/** Characters that never stand unescaped: controls, and those that hide or turn text around. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const LARGEST_NUMBER = 0xffff_ffff;
/** Deeper nesting than any entry has; the same bound as the crate's reader. */
const DEEPEST = 127;
const ESCAPES = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = [
  ["null", null],
  ["true", true],
  ["false", false],
];

/** Reads one JSON text by the log's rules. Objects come without a prototype, so that no name is special. */
function parseJson(text) {
  if (INVISIBLE.test(text)) throw new NotJson("a character is not escaped");
  return new JsonReader(text).whole();
}

class JsonReader {
  constructor(text) {
    this.text = text;
    this.place = 0;
    this.depth = 0;
  }

  whole() {
    const value = this.value();
    this.blanks();
    if (this.place < this.text.length) throw new NotJson("something follows");
    return value;
  }

  blanks() {
    while (this.text[this.place] === " ") this.place += 1;
  }

  /** Takes this text if it stands here. */
  takes(text) {
    const there = this.text.startsWith(text, this.place);
    if (there) this.place += text.length;
    return there;
  }

  must(text) {
    if (!this.takes(text)) throw new NotJson(`${text} is expected`);
  }

  value() {
    this.blanks();
    switch (this.text[this.place]) {
      case "{":
        return this.nested(() => this.object());
      case "[":
        return this.nested(() => this.list());
      case '"':
        return this.string();
      default:
        return this.word();
    }
  }

  nested(read) {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new NotJson("too deep");
    const value = read();
    this.depth -= 1;
    return value;
  }

  object() {
    const members = Object.create(null);
    this.must("{");
    this.blanks();
    if (this.takes("}")) return members;
    do {
      this.blanks();
      const name = this.string();
      if (name in members) throw new NotJson(`${name} stands twice`);
      this.blanks();
      this.must(":");
      members[name] = this.value();
      this.blanks();
    } while (this.takes(","));
    this.must("}");
    return members;
  }

  list() {
    const items = [];
    this.must("[");
    this.blanks();
    if (this.takes("]")) return items;
    do {
      items.push(this.value());
      this.blanks();
    } while (this.takes(","));
    this.must("]");
    return items;
  }

  word() {
    for (const [word, value] of WORDS) {
      if (this.takes(word)) return value;
    }
    const digits = /(0|[1-9][0-9]*)(?![0-9.eE])/y;
    digits.lastIndex = this.place;
    const found = digits.exec(this.text)?.[1];
    if (found === undefined || Number(found) > LARGEST_NUMBER) throw new NotJson("no number of the log's");
    this.place += found.length;
    return Number(found);
  }

  string() {
    this.must('"');
    let text = "";
    for (;;) {
      const plain = /[^"\\]*/y;
      plain.lastIndex = this.place;
      const run = plain.exec(this.text)[0];
      text += run;
      this.place += run.length;
      if (this.takes('"')) return text;
      this.must("\\");
      text += this.escape();
    }
  }

  escape() {
    const code = this.text[this.place];
    this.place += 1;
    if (code !== "u") {
      if (!Object.hasOwn(ESCAPES, code ?? "")) throw new NotJson("no such escape");
      return ESCAPES[code];
    }
    const unit = this.unit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    const low = unit < 0xdc00 && this.takes("\\u") ? this.unit() : 0;
    if (low < 0xdc00 || low > 0xdfff) throw new NotJson("half a character");
    return String.fromCharCode(unit, low);
  }

  unit() {
    const digits = this.text.slice(this.place, this.place + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new NotJson("four digits are expected");
    this.place += 4;
    return Number.parseInt(digits, 16);
  }
}

/** Whether two values that were read are the same. */
function sameJson(a, b) {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const [names, others] = [Object.keys(a), Object.keys(b)];
  return names.length === others.length && names.every((name) => name in b && sameJson(a[name], b[name]));
}
