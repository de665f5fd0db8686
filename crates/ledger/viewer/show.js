// The judgement in the words of `massho-ledger verify`: what is wrong, and the tables of the session and its drives.

const METHODS = { clear: "消去 Clear", purge: "除去 Purge", destruct: "破壊 Destruct" };
const OUTCOMES = {
  done: "完了 Done",
  incomplete: "未完了 Incomplete",
  failed: "失敗 Failed",
  "awaiting-destruction": "破壊待ち Awaiting destruction",
  "awaiting-approval": "承認待ち Awaiting approval",
  "not-covered": "対象外 Not covered",
};

/** Why nobody vouches for a log, by the names of the sentences. */
const VOUCHERS = {
  unregistered: "unregistered",
  altered: "certificate_altered",
  foreign: "foreign",
  "not-signed": "not_by_stick",
  revoked: "stick_revoked",
  "not-yet-valid": "not_yet_valid",
  expired: "expired",
  "table-not-signed": "table_not_signed",
};

/** Everything that is wrong with a log, each in two sentences. */
function problemsOf(texts, log) {
  const problems = [];
  if (log.unreadable !== undefined) problems.push(tell(texts.unreadable, { detail: log.unreadable }));
  if (log.report?.fault) problems.push(faultOf(texts, log.report.fault));
  if (log.before) problems.push(tell(texts[log.before.reason], { file: log.before.file }));
  if (log.report && wantsVoucher(log)) problems.push(tell(texts.keys[VOUCHERS[log.trust.is]], log.trust.values));
  if (log.twins) problems.push(tell(texts[log.twins.said], log.twins.values));
  return problems;
}

function faultOf(texts, { line, reason, values }) {
  if (reason !== "contradictory") return tell(texts[reason], { line, ...values });
  const { contradiction: name, ...about } = values;
  return tell(texts.contradictory, { line, detail: fill(texts.contradictions[name], about) });
}

function missingOf(texts, { stick, counter }) {
  return tell(texts.session_missing, { stick: stick || texts.unknown, counter });
}

function standingOf(texts, log) {
  if (log.unreadable !== undefined) return texts.refused;
  if (log.beginningOf !== undefined) return fill(texts.beginning, { file: harmless(log.beginningOf) });
  return texts[standing(log.report)];
}

/** The rows about the session: name and value. */
function sessionRows(texts, { report, trust }) {
  const rows = [];
  const row = (name, value) => rows.push([texts[name], harmless(value)]);
  const { open, choices, last } = report;
  if (open) {
    row("session", open.session);
    const clock = texts[`clock_${open.clock.confirmed_by_person.replace("-", "_")}`];
    row("opened", `${open.clock.wall} (${clock})`);
    if (last) row("last", last.wall);
    const pc = choices?.drives_from === "bench" ? "workbench" : "pc";
    row(pc, `${open.pc.maker} ${open.pc.model} ${open.pc.serial}`);
  }
  if (choices) {
    row("asset", choices.asset_number);
    row("operator", choices.operator);
    row("witness", report.witnesses.map((witness) => witness.name).join(", ") || texts.no_witness);
    row("class", `(${choices.class})`);
    const whose = { custom: texts.table_custom, signed: texts.keys.table_signed };
    row("table", choices.policy.version + (whose[choices.policy.origin] ?? ""));
  }
  if (trust) rows.push([texts.keys.vouched, harmless(vouchedBy(texts, trust))]);
  if (report.fingerprint) row("key", report.fingerprint);
  if (standing(report) === "verified") row("head", head12(report.head));
  return rows;
}

function vouchedBy(texts, { is, values, doubtful }) {
  if (doubtful) return texts.keys.doubtful;
  return is === "unregistered" ? texts.keys.nobody : fill(texts.keys[is], values);
}

function driveHeading(texts) {
  return ["number", "model", "serial", "medium", "asked", "achieved", "outcome", "verdict"].map(
    (column) => texts[`column_${column}`],
  );
}

function driveRow(texts, one, { byHand, choices }, of) {
  const { drive, planned } = one;
  const result = byHand.find(({ entry }) => entry.no === one.byHand)?.result ?? one.result;
  const asked = result?.asked ?? (planned ? askedOf(planned) : null);
  // A log that does not verify proves nothing of any drive: what came after may have said otherwise.
  const known =
    of === "refused"
      ? [texts.none, texts.unknown, texts.no_verdict]
      : [
          METHODS[result?.achieved] ?? texts.none,
          OUTCOMES[one.outcome] ?? texts.not_reached,
          verdictIn(texts, one.verdict),
        ];
  return [
    `${drive.no}`,
    harmless(drive.identity.model),
    serialIn(texts, serialOf(drive, choices)),
    mediumIn(texts, drive.medium),
    METHODS[asked] ?? texts.none,
    ...known,
  ];
}

/** A serial number, and whether it rests on a person's word. */
function serialIn(texts, { serial, declared }) {
  return harmless(serial) + (declared ? texts.declared : "");
}

function handHeading(texts) {
  return ["number", "handling", "by", "medium", "model", "serial", "asset", "outcome", "verdict"].map(
    (column) => texts[`column_${column}`],
  );
}

/** What people did without the program, as they declared it. */
function handRow(texts, { entry, kind, result }, { drives, choices }, of) {
  const drive = drives.find((one) => one.drive.no === entry.drive)?.drive;
  const { medium } = entry;
  const serial = medium
    ? { serial: medium.serial, declared: medium.serial !== "" }
    : serialOf(drive, choices);
  return [
    `${entry.no}`,
    texts[entry.handling.replace("-", "_")],
    harmless(entry.by),
    mediumIn(texts, kind),
    harmless(medium ? medium.model : drive.identity.model),
    serialIn(texts, serial),
    harmless(entry.asset_number),
    ...(of === "refused"
      ? [texts.unknown, texts.no_verdict]
      : [OUTCOMES[result.outcome], verdictIn(texts, verdictOf(result))]),
  ];
}

function verdictIn(texts, verdict) {
  const names = { "may-be-reused": "reuse", "may-go-to-contractor": "contractor", "must-not-leave": "must_not_leave" };
  return texts[names[verdict] ?? "none"];
}

function mediumIn(texts, medium) {
  const { medium_usb: usb, medium_optical: optical, medium_other: other } = texts;
  const names = { hdd: "HDD", ssd: "SSD", "usb-stick": usb, optical, other };
  return names[medium];
}

/** How to get at a drive whose erase by ATA SECURITY has no proven end. */
function passwordLine(texts, { drive, unfinished }) {
  const { password } = unfinished ?? {};
  if (password === undefined) return null;
  const values = { drive: drive.no, serial: harmless(drive.identity.serial), password: harmless(password) };
  return fill(texts.locked_by, values);
}

/** The last sentence: how many logs there are, and how many have a problem. */
function sumOf(texts, { logs, missing }) {
  const bad = logs.filter((log) => !isGood(log)).length + missing.length;
  return fill(bad === 0 ? texts.sum_good : texts.sum_bad, { logs: logs.length + missing.length, bad });
}
