// All certificates as a table that Excel opens: UTF-8 with a byte order mark, CRLF, every field quoted.

const TABLE_LABELS = [
  "kind",
  "bus",
  "maker",
  "model",
  "serial",
  "wwn",
  "firmware",
  "capacity",
  "asset",
  "class",
  "ownership",
  "asked",
  "achieved",
  "why",
  "technique",
  "command",
  "status",
  "table",
  "began",
  "ended",
  "duration",
  "place",
  "organisation",
  "operator",
  "witness",
  "attested",
  "permission",
  "destination",
  "carried-out-by",
  "recomputed",
  "exception-number",
  "exception-section",
  "exception-reason",
  "exception-measure",
  "exception-requested",
  "exception-approver",
  "exception-deadline",
  "contractor",
  "handed-over",
  "certificate-due",
  "contractor-certificate",
  "photos",
  "lacks",
  "vouched",
  "fingerprint",
  "head",
  "head-hash",
  "file",
  "closed",
];
const FORMULA = /^[=+\-@＝＋－＠]/;

/** A field that no spreadsheet takes for a formula, quoted. */
function csvField(text) {
  const safe = harmless(text);
  const guard = FORMULA.test(safe.replace(/^\p{White_Space}+/u, "")) ? "'" : "";
  return `"${guard}${safe.replaceAll('"', '""')}"`;
}

function csvTable(words, certificates) {
  const label = (name) => words[`label.${name}`];
  const heading = [
    label("record"),
    words["list.outcome"],
    words["list.verdict"],
    ...TABLE_LABELS.map(label),
    words["section.evidence"],
    words["section.limits"],
  ];
  const rows = certificates.map((certificate) => csvCells(words, certificate));
  return `\ufeff${[heading, ...rows].map((cells) => `${cells.map(csvField).join(",")}\r\n`).join("")}`;
}

function csvCells(words, certificate) {
  const document = new CertificateWriter(words, certificate).document();
  const rows = document.sections.flatMap((section) => section.rows);
  const cell = (name) => rows.find((row) => row.label === words[`label.${name}`])?.lines.join(" / ") ?? "";
  const points = (name) =>
    document.sections.find((section) => section.heading === words[`section.${name}`])?.points.join(" ") ?? "";
  return [
    recordNumber(certificate),
    document.outcome,
    document.verdict,
    ...TABLE_LABELS.map(cell),
    points("evidence"),
    points("limits"),
  ];
}
