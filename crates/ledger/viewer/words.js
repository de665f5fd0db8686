// Texts: the catalogues of massho-ledger, which stand in the page, and making foreign text harmless.

/** Puts values into a text, one after the other as the ledger does. */
function fill(text, values) {
  return Object.entries(values).reduce((filled, [name, value]) => filled.split(`{${name}}`).join(`${value}`), text);
}

const HARMFUL = new RegExp(
  "[\\u{0}-\\u{1f}\\u{7f}-\\u{9f}\\u{ad}\\u{61c}\\u{180e}\\u{200b}-\\u{200f}\\u{2028}-\\u{202e}\\u{2060}-\\u{206f}" +
    "\\u{feff}\\u{fff9}-\\u{fffb}\\u{e0000}-\\u{e0fff}]",
  "gu",
);

/** What could hide, move or turn anything is shown as its number. */
function harmless(text) {
  return text.replace(HARMFUL, (c) => `\\u{${c.codePointAt(0).toString(16)}}`);
}

/** Both sentences of a problem, filled with harmless values. */
function tell(problem, values = {}) {
  const safe = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, harmless(`${value}`)]));
  return { what: fill(problem.what, safe), todo: fill(problem.todo, safe) };
}

/** 1234567 as 1,234,567. */
function groupedDigits(number) {
  return `${number}`.replace(/\B(?=([0-9]{3})+$)/g, ",");
}

/** A length as drives are sold: 512.1 GB. */
function soldAs(bytes) {
  const units = [
    [1_000_000_000_000n, "TB"],
    [1_000_000_000n, "GB"],
    [1_000_000n, "MB"],
    [1_000n, "kB"],
  ];
  const length = BigInt(bytes);
  const unit = units.find(([size]) => length >= size);
  if (!unit) return `${length} B`;
  const tenths = (length * 10n) / unit[0];
  return `${tenths / 10n}.${tenths % 10n} ${unit[1]}`;
}
