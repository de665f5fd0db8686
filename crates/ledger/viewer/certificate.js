// Certificates in words, as `massho-ledger certify` words them: the catalogues are the same, a test compares the pages.

const NOTHING = "—";
const orNothing = (text) => text || NOTHING;
const isAbsent = (value) => value === null || value === undefined;
const spoken = (time) => time.replace("T", " ");

/** The certificates of a log; none of one that does not verify. `noted`: which notes of people agreed. */
function certificatesOf({ name, report, trust, before, twins }, noted) {
  if (!report?.open || standing(report) === "refused" || twins?.said === "twins_conflict") return [];
  const { closed, entries, head, fingerprint } = report;
  const log = { file: name, closed, entries, head, fingerprint, trust, ...noted, before };
  const one = (drive, hand) => ({
    open: report.open,
    choices: report.choices,
    drive,
    hand,
    notices: report.notices.filter((notice) => notice.drive === null || notice.drive === drive.drive.no),
    log,
    outcome: drive.outcome ?? "unfinished",
    verdict: drive.verdict,
  });
  const ofDrive = (drive) => {
    const hand = report.byHand.find(({ entry }) => entry.no === drive.byHand) ?? null;
    // What was done by hand stands in the place of what the program came to.
    const handled = hand && { ...drive, result: hand.result, witnesses: hand.witnesses, period: null };
    return one(handled ?? drive, hand);
  };
  const unseen = report.byHand.filter(({ entry }) => entry.drive === null);
  return [...report.drives.map(ofDrive), ...unseen.map((hand) => one(nothingReported(hand), hand))];
}

/** What a certificate has in the place of a drive for a medium that no PC saw. */
function nothingReported({ result, witnesses }) {
  const identity = { bus: "other", maker: "", model: "", serial: "", firmware: "", wwn: "", namespace: 0 };
  const drive = { no: 0, identity: { ...identity, capacity: "0", block: 512 }, medium: "ssd" };
  return {
    drive: { ...drive, medium_source: "person", capabilities: {}, eligibility: { verdict: "eligible" }, position: "" },
    ...{ unfinished: null, planned: null, exception: null, period: null, result, witnesses },
    ...{ outcome: result.outcome, verdict: verdictOf(result) },
  };
}

/** The medium as a person declared it, where no PC saw it. */
const unseenOf = ({ hand }) => hand?.entry.medium ?? null;

/** The serial number, and whether it rests on a person's word. */
function serialOf(drive, choices) {
  const { serial } = drive.identity;
  if (serial !== "") return { serial, declared: false };
  const label = choices?.labels?.find((one) => one.drive === drive.no)?.serial ?? "";
  return { serial: label, declared: label !== "" };
}

function serialOfCertificate(certificate) {
  const medium = unseenOf(certificate);
  if (medium) return { serial: medium.serial, declared: medium.serial !== "" };
  return serialOf(certificate.drive.drive, certificate.choices);
}

/** 資産管理番号 of the PC that the medium belongs to; empty where nobody gave one. */
function assetOf(certificate) {
  const { hand, choices, drive } = certificate;
  if (hand?.entry.asset_number) return hand.entry.asset_number;
  const own = choices?.drives_from === "this-pc" ? choices.asset_number : "";
  if (unseenOf(certificate)) return own;
  return (choices?.labels?.find((one) => one.drive === drive.drive.no)?.asset_number ?? own) || "";
}

/** Whether the PC of the session is only where the work was done. */
function isFromElsewhere(certificate) {
  const { choices } = certificate;
  return choices !== null && (choices.drives_from === "bench" || choices.asset_number !== assetOf(certificate));
}

function recordNumber(certificate) {
  const number = unseenOf(certificate) ? `H${certificate.hand.entry.no}` : certificate.drive.drive.no;
  return `${certificate.open.session}-${number}`;
}

function isOfCompletion(certificate) {
  const { closed, trust } = certificate.log;
  return certificate.outcome === "done" && closed !== null && !trust.doubtful;
}

/** The summary of a drive (FORMAT.md). */
function summaryOf(certificate) {
  const { open, drive, hand, log } = certificate;
  const { serial, declared } = serialOfCertificate(certificate);
  return JSON.stringify({
    // What the first version could say is still said in it.
    format: hand || declared ? "massho-summary/2" : "massho-summary/1",
    session: open.session,
    drive: unseenOf(certificate) ? null : drive.drive.no,
    ...(hand ? { by_hand: hand.entry.no } : {}),
    serial,
    outcome: drive.outcome,
    achieved: drive.result?.achieved ?? null,
    verdict: drive.verdict,
    closed: log.closed,
    entries: log.entries,
    head: log.head,
    public_key: open.public_key,
  });
}

/** Puts one certificate into words. */
class CertificateWriter {
  constructor(words, certificate) {
    const { drive, choices, open, log } = certificate;
    Object.assign(this, { words, certificate, drive, choices, open, log });
    this.result = drive.result;
    this.witnesses = drive.witnesses;
    this.declared = choices?.declared;
    /** The evidence, where anything was carried out at all. */
    this.evidenceThere = this.result?.evidence.attempts.length > 0 ? this.result.evidence : null;
  }

  document() {
    const { certificate } = this;
    const { doubtful } = this.log.trust;
    const tones = { "may-be-reused": "good", "may-go-to-contractor": "handover", "must-not-leave": "stop" };
    const sections = [
      this.medium(),
      this.pc(),
      this.method(),
      this.byHand(),
      this.evidence(),
      this.limits(),
      this.people(),
      this.office(),
      this.record(),
      this.events(),
    ];
    return {
      title: this.word("title", isOfCompletion(certificate) ? "done" : "other"),
      record: this.row("record", [recordNumber(certificate)]),
      outcome: this.word("outcome", certificate.outcome),
      verdict: this.word("verdict", doubtful ? "doubtful" : this.verdict()),
      tone: doubtful ? "stop" : (tones[certificate.verdict] ?? "plain"),
      notes: this.notes().map(harmless),
      sections: sections.filter((section) => section.rows.length + section.points.length > 0),
      stamps: this.stamps(),
      summary: { label: this.word("section", "summary"), lines: [harmless(summaryOf(certificate))] },
      footer: [this.word("footer", "source"), this.word("footer", "declared")],
    };
  }

  verdict() {
    const { hand, outcome, verdict } = this.certificate;
    if (outcome === "awaiting-approval") return "keep";
    if (hand && outcome === "done" && verdict === null) return "destroyed-by-hand";
    return verdict ?? "none";
  }

  word(section, name) {
    return this.words[`${section}.${name}`] ?? name;
  }

  filled(section, name, values) {
    return fill(this.word(section, name), values);
  }

  row(label, lines) {
    return { label: this.word("label", label), lines: lines.map(harmless) };
  }

  line(label, value) {
    return this.row(label, [orNothing(value)]);
  }

  /** A word with something more about it, if there is more. */
  with(word, detail) {
    return detail ? this.filled("unit", "with", { word, detail }) : word;
  }

  section(name, layout, rows, points = []) {
    return { heading: this.word("section", name), layout, rows, points: points.map(harmless) };
  }

  notes() {
    const { certificate, choices, log } = this;
    const notes = [];
    const note = (holds, name, values = {}) => holds && notes.push(this.filled("note", name, values));
    note(!isOfCompletion(certificate), "not-done");
    note(log.closed === null, "unclosed");
    if (log.trust.doubtful) notes.push(this.trust());
    note(choices?.policy.origin === "custom", "custom-table");
    note(choices?.policy.origin === "signed", "signed-table");
    const waiting = this.drive.outcome !== null && this.drive.outcome !== "not-covered";
    note(choices?.class === 1 && this.witnesses.length === 0 && waiting, "class-one-witness");
    if (log.before) note(true, log.before.reason.replace("_", "-"), { file: log.before.file });
    note(certificate.outcome === "awaiting-approval", "exception-logged");
    return notes;
  }

  stamps() {
    const stamp = (label, name) => ({ label: this.word("label", label), name: harmless(name) });
    return [
      stamp("operator", this.choices?.operator ?? ""),
      stamp("witness", this.witnesses.join(", ")),
      stamp("permission", this.declared?.approver ?? ""),
    ];
  }

  medium() {
    const medium = unseenOf(this.certificate);
    const rows = medium ? this.unseen(medium) : this.reported();
    if (isFromElsewhere(this.certificate)) rows.push(this.line("asset", assetOf(this.certificate)));
    return this.section("medium", "pairs", rows);
  }

  /** A medium that no PC saw. */
  unseen({ kind, maker, model }) {
    return [
      this.line("kind", this.with(this.word("medium", kind), this.word("hand", "declared"))),
      this.line("maker", maker),
      this.line("model", model),
      this.serial(),
    ];
  }

  serial() {
    const { serial, declared } = serialOfCertificate(this.certificate);
    return this.line("serial", this.with(serial, declared ? this.word("hand", "label") : ""));
  }

  /** What was done by hand. */
  byHand() {
    const { hand } = this.certificate;
    if (!hand) return this.section("by-hand", "rows", []);
    const { handling, how, by, on, photo_expected: photo, remarks } = hand.entry;
    const rows = [
      this.line("handling", this.word("hand", handling)),
      this.line("how", how),
      this.line("done-by", by),
      this.line("done-on", on),
      this.line("photo-expected", this.word("hand", photo ? "photo" : "no-photo")),
    ];
    if (remarks !== "") rows.push(this.line("remarks-by-hand", remarks));
    return this.section("by-hand", "rows", rows);
  }

  /** The exception as the clerk declared it. */
  office() {
    const { exception } = this.drive;
    if (!exception || this.certificate.outcome !== "awaiting-approval") return this.section("office", "rows", []);
    return this.section("office", "rows", [
      this.line("exception-reason", exception.reason),
      this.line("exception-measure", exception.measure),
      this.line("exception-approver", this.with(exception.approver, this.word("hand", "not-approved"))),
      this.line("exception-deadline", exception.deadline),
    ]);
  }

  /** What the drive says of itself. */
  reported() {
    const { drive } = this.drive;
    const { identity } = drive;
    const capacity = { value: groupedDigits(identity.capacity), short: soldAs(identity.capacity) };
    const rows = [
      this.line("kind", this.with(this.word("medium", drive.medium), this.mediumSource(drive.medium_source))),
      this.line("bus", this.word("bus", identity.bus)),
      this.line("maker", identity.maker),
      this.line("model", identity.model),
      this.serial(),
      this.line("wwn", identity.wwn),
      this.line("firmware", identity.firmware),
      this.line("capacity", this.filled("unit", "bytes", capacity)),
      this.line("block", this.filled("unit", "block", { value: identity.block })),
    ];
    if (identity.bus === "nvme") rows.push(this.line("namespace", `${identity.namespace}`));
    const change = this.result?.evidence.hidden;
    if (change) {
      rows.push(this.line("hidden-before", this.areas(change.before)));
      rows.push(this.line("hidden-after", this.areas(change.after)));
    } else {
      rows.push(this.line("hidden", this.areas(drive.hidden ?? UNKNOWN_AREAS)));
    }
    if (drive.conditions) {
      rows.push(this.line("conditions", drive.conditions.map((one) => this.word("condition", one)).join(" / ")));
    }
    return rows;
  }

  mediumSource(source) {
    const rpm = source["rotation-rate"];
    return this.filled("medium-source", rpm === undefined ? source : "rotation-rate", { rpm: rpm ?? 0 });
  }

  areas(areas) {
    const one = (name) => {
      const { is, native } = areas[name];
      return `${this.word("area", name)}: ${this.filled("area", is, { native: groupedDigits(native ?? 0) })}`;
    };
    return ["hpa", "dco", "amax"].map(one).join(" / ");
  }

  pc() {
    const { pc } = this.open;
    const rows = [
      this.line("pc", `${pc.maker} ${pc.model}`),
      this.line("serial", pc.serial),
      ...(isFromElsewhere(this.certificate) ? [] : [this.line("asset", assetOf(this.certificate))]),
      this.line("uuid", pc.uuid),
      this.line("class", this.choices && this.word("class", `${this.choices.class}`)),
    ];
    const ownership = this.declared?.ownership;
    if (ownership) {
      const detail = [ownership.lessor, ownership.contract].filter(Boolean).join(", ");
      rows.push(this.line("ownership", this.with(this.word("ownership", ownership.is), detail)));
    }
    return this.section(isFromElsewhere(this.certificate) ? "workbench" : "pc", "pairs", rows);
  }

  /** Who vouches for the key that signed the log, or why nobody does. */
  trust() {
    const { is, values } = this.log.trust;
    return this.filled("trust", is, values);
  }

  method() {
    const planned = this.drive.planned;
    const asked = this.result?.asked ?? (planned && askedOf(planned));
    const rows = [
      this.line("asked", this.word("method", asked ?? "none")),
      this.line("achieved", this.word("method", this.result?.achieved ?? "none")),
    ];
    const why = this.why();
    if (why) rows.push(this.line("why", why));
    // What was done by hand has a section of its own.
    if (!this.certificate.hand) rows.push(...this.attempts());
    const policy = this.choices?.policy;
    rows.push(this.line("table", policy && this.filled("table", policy.origin, { version: policy.version })));
    rows.push(...this.period());
    const residual = ["destruct", "purge", "clear"].find((one) => one === this.result?.achieved) ?? "none";
    rows.push(this.line("residual", this.word("residual", residual)));
    const lift = planned && this.result?.achieved && eraseOf(planned)?.lift;
    return this.section("method", "rows", rows, lift ? [this.word("lift", lift)] : []);
  }

  /** Why it is not done. */
  why() {
    const { failure, not_covered: notCovered } = this.result ?? {};
    if (failure) return this.with(this.word("failure", failure.reason), failure.detail);
    if (!notCovered) return null;
    const why = this.word("not-covered", notCovered);
    const { reasons } = this.drive.drive.eligibility;
    if (!reasons || notCovered !== "ineligible") return why;
    const ineligible = ({ reason, detail }) => this.with(this.word("ineligible", reason), detail);
    return `${why}: ${reasons.map(ineligible).join(" / ")}`;
  }

  attempts() {
    const attempts = this.evidenceThere?.attempts ?? [];
    if (attempts.length === 0) return [this.row("technique", [NOTHING])];
    const status = (words) => words.map(({ name, value }) => `${name}=${value}`).join(" ");
    const overwritten = attempts.filter((one) => one.technique === "random-overwrite");
    const passes = overwritten.map((one) => this.filled("unit", "passes", { value: one.passes }));
    return [
      this.row(
        "technique",
        attempts.map((one) => this.with(this.word("technique", one.technique), one.technique)),
      ),
      this.row(
        "command",
        attempts.map((one) => orNothing(one.command)),
      ),
      ...(passes.length > 0 ? [this.row("passes", passes)] : []),
      this.row(
        "status",
        attempts.map((one) => orNothing(status(one.raw_status))),
      ),
    ];
  }

  period() {
    const { period } = this.drive;
    if (!period) return [];
    const ms = BigInt(period.ended.monotonic_ms) - BigInt(period.began.monotonic_ms);
    const all = ms < 0n ? 0n : ms / 1000n;
    const values = { hours: all / 3600n, minutes: (all / 60n) % 60n, seconds: all % 60n };
    return [
      this.line("began", spoken(period.began.wall)),
      this.line("ended", spoken(period.ended.wall)),
      this.line("duration", this.filled("unit", "duration", values)),
    ];
  }

  evidence() {
    const evidence = this.evidenceThere;
    const { hand } = this.certificate;
    const points = evidence ? this.pointsOf(evidence) : hand ? [] : [this.word("evidence", "none")];
    const attestation = this.attestation();
    if (attestation) points.push(this.filled("evidence", "attested", attestation));
    if (hand) points.push(this.filled("evidence", "by-hand", { by: hand.entry.by }));
    return this.section("evidence", "rows", [], points);
  }

  pointsOf({ attempts, canaries, verification, errors }) {
    const points = [];
    const last = attempts.at(-1);
    if (last.technique === "random-overwrite") points.push(this.filled("evidence", "written", { passes: last.passes }));
    if (attempts.some((one) => one.raw_status.length > 0)) points.push(this.word("evidence", "reported"));
    if (canaries) points.push(this.filled("evidence", "canaries", canaries));
    if (verification) points.push(this.readBack(verification));
    const counts = ["unwritable", "unreadable", "different"].map((name) => [name, groupedDigits(errors[name])]);
    points.push(this.filled("evidence", "errors", Object.fromEntries(counts)));
    if (errors.first.length > 0) points.push(this.filled("evidence", "first", { first: errors.first.join(" ") }));
    return points;
  }

  readBack({ kind, bytes, of, seed, found }) {
    const byte = (found?.byte ?? 0).toString(16).padStart(2, "0");
    const what = this.filled("found", found?.is ?? "none", { byte });
    return this.filled("evidence", kind, { bytes: groupedDigits(bytes), of: groupedDigits(of), seed, found: what });
  }

  /** What a person attested of this drive, where its key was erased. */
  attestation() {
    const erased = this.evidenceThere?.attempts.some((one) => isCryptoErase(one.technique));
    const attestations = (erased && this.choices?.attestations) || [];
    const found = attestations.find((one) => one.drive === this.drive.drive.no);
    return found && { by: found.by, cipher: found.cipher };
  }

  /** What the evidence does not prove. */
  limits() {
    const points = [];
    const limit = (holds, name, values = {}) => holds && points.push(this.filled("limit", name, values));
    const { evidenceThere: evidence, log, open } = this;
    if (evidence) this.limitsOf(evidence, limit);
    limit(this.witnesses.length > 0, "conduct");
    limit(this.certificate.hand !== null, "by-hand");
    limit(true, "names");
    limit(log.trust.is === "unregistered" && !log.key, "key");
    limit(log.trust.is === "unchecked", "unchecked");
    limit(!log.witness, "head");
    limit(open.clock.confirmed_by_person === "not-confirmed", "clock");
    limit(true, "image");
    limit(!isAbsent(this.result?.achieved), "rules");
    const { of, bytes } = evidence?.verification ?? { of: 0, bytes: 0 };
    const skipped = BigInt(of) - BigInt(bytes);
    limit(skipped > 0n, "sampled", { bytes: groupedDigits(skipped) });
    return this.section("limits", "rows", [], points);
  }

  limitsOf({ attempts, canaries, errors, hidden }, limit) {
    const { technique } = attempts.at(-1);
    const firmware = isCryptoErase(technique) ? "crypto" : "unmap";
    limit(true, technique === "random-overwrite" ? "overwrite" : firmware);
    limit(canaries?.unreadable > 0 || errors.unreadable !== "0", "unreadable");
    const areas = hidden?.after ?? this.drive.drive.hidden ?? UNKNOWN_AREAS;
    limit(
      Object.values(areas).some((area) => area.is === "not-reported"),
      "areas",
    );
  }

  people() {
    const { place, organisation, section, approver, destination, carried_out_by: by, remarks } = this.declared ?? {};
    const byHand = (label, value) => this.row(label, isAbsent(value) ? [] : [value]);
    const sections = [organisation, section].filter((one) => !isAbsent(one));
    const rows = [
      byHand("place", place),
      byHand("organisation", sections.length > 0 ? sections.join(" ") : null),
      this.line("operator", this.choices?.operator),
      this.line("witness", this.witnesses.join(", ") || this.word("people", "nobody")),
    ];
    if (this.witnesses.length > 0) rows.push(this.line("statement", this.word("people", "witnessed")));
    const attestation = this.attestation();
    if (attestation) rows.push(this.line("attested", this.filled("people", "attested", attestation)));
    rows.push(
      byHand("permission", approver),
      byHand("destination", destination && this.word("destination", destination)),
    );
    if (by) rows.push(this.line("carried-out-by", this.with(this.word("carried-out-by", by.by), by.name)));
    if (!isAbsent(remarks)) rows.push(this.line("remarks", remarks));
    return this.section("people", "pairs", rows);
  }

  record() {
    const { open, log } = this;
    const { tool } = open;
    const compared = (value, agrees) => this.filled("record", agrees ? "compared" : "not-compared", { value });
    return this.section("record", "rows", [
      this.line("signature", this.word("record", log.closed ? "signature" : "signature-unclosed")),
      this.line("vouched", this.trust()),
      this.line("fingerprint", compared(log.fingerprint, log.key)),
      this.line("head", compared(head12(log.head), log.witness)),
      this.line("head-hash", log.head),
      this.line("session", open.session),
      this.line("file", log.file),
      this.line("entries", `${log.entries}`),
      this.line("closed", this.word("record", log.closed ?? "unclosed")),
      this.line("clock", this.with(spoken(open.clock.wall), this.word("clock", open.clock.confirmed_by_person))),
      this.line("tool", `${tool.name} ${tool.version}`),
      this.line("program", tool.program),
      this.line("image", this.with(tool.image.version, tool.image.commit)),
      this.line("kernel", `${tool.image.kernel} ${tool.image.cmdline}`.trim()),
    ]);
  }

  events() {
    const event = (notice) => this.with(this.word("event", notice.code), notice.detail);
    return this.section("events", "rows", [], this.certificate.notices.map(event));
  }
}

/** What a drive says that says nothing of its hidden areas. */
const UNKNOWN_AREAS = { hpa: { is: "not-reported" }, dco: { is: "not-reported" }, amax: { is: "not-reported" } };
