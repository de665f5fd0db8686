// All certificates as a table that Excel opens: UTF-8 with a byte order mark, CRLF, every field quoted.

const FORMULA = /^[=+\-@＝＋－＠]/;

/** A field that no spreadsheet takes for a formula, quoted. */
function csvField(text) {
  const safe = harmless(text);
  const guard = FORMULA.test(safe.replace(/^\p{White_Space}+/u, "")) ? "'" : "";
  return `"${guard}${safe.replaceAll('"', '""')}"`;
}

/** `columns`: the rows of a certificate that the table has, by their names in the catalogue. */
function csvTable(words, columns, certificates) {
  const label = (name) => words[`label.${name}`];
  const heading = [
    label("record"),
    words["list.outcome"],
    words["list.verdict"],
    ...columns.map(label),
    words["section.evidence"],
    words["section.limits"],
  ];
  const rows = certificates.map((certificate) => csvCells(words, columns, certificate));
  return `\ufeff${[heading, ...rows].map((cells) => `${cells.map(csvField).join(",")}\r\n`).join("")}`;
}

function csvCells(words, columns, certificate) {
  const document = new CertificateWriter(words, certificate).document();
  const rows = document.sections.flatMap((section) => section.rows);
  const cell = (name) => rows.find((row) => row.label === words[`label.${name}`])?.lines.join(" / ") ?? "";
  const points = (name) =>
    document.sections.find((section) => section.heading === words[`section.${name}`])?.points.join(" ") ?? "";
  return [
    recordNumber(certificate),
    document.outcome,
    document.verdict,
    ...columns.map(cell),
    points("evidence"),
    points("limits"),
  ];
}
