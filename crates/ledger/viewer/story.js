// What the entries of a log come to, and whether they fit together (FORMAT.md, "Meaning").

const BUS_NAMES = { ata: "Ata", nvme: "Nvme", scsi: "Scsi", usb: "Usb", mmc: "Mmc", other: "Other" };
/** The methods by strength; nothing is weaker than any. */
const STRENGTH = { clear: 1, purge: 2, destruct: 3 };
const strength = (method) => STRENGTH[method] ?? 0;
const CRYPTO_ERASES = [
  "ata-sanitize-crypto-scramble",
  "scsi-sanitize-crypto-erase",
  "nvme-format-crypto",
  "nvme-sanitize-crypto-erase",
];
const isCryptoErase = (technique) => CRYPTO_ERASES.includes(technique);
const WRITTEN_STEPS = ["canaries-planted", "accepted", "pass-done", "ended"];

/** `name` is a sentence of the catalogue's contradictions. */
function contradiction(name, drive, flaw) {
  return new Refused("contradictory", { contradiction: name, drive, flaw });
}

function must(holds, name, drive) {
  if (!holds) throw contradiction(name, drive);
}

/** About something done by hand. */
function mustOfHand(holds, name, number) {
  if (!holds) throw new Refused("contradictory", { contradiction: name, number });
}

class Story {
  constructor() {
    Object.assign(this, { open: null, choices: null, plan: null, close: null, witnesses: [], notices: [] });
    this.drives = new Map();
    /** What was done by hand, in the order of its numbers. */
    this.hands = [];
    this.takers = {
      open: (open) => this.opened(open),
      inventory: (inventory) => this.inventory(inventory),
      choices: (choices) => this.chosen(choices),
      plan: (plan) => this.planned(plan),
      confirm: (confirm) => this.confirmed(confirm),
      intent: (intent) => this.intent(intent),
      step: (step) => this.step(step),
      result: (finding) => this.finding(finding),
      "by-hand": (entry) => this.doneByHand(entry),
      witness: (witness) => this.witness(witness),
      notice: (notice) => this.notices.push(notice),
      close: (close, seq) => this.closed(close, seq),
    };
  }

  async take(type, members, seq) {
    await this.takers[type](members, seq);
  }

  /** In the order of their numbers. */
  inOrder() {
    return [...this.drives.values()].sort((a, b) => a.drive.no - b.drive.no);
  }

  of(no) {
    const story = this.drives.get(no);
    if (!story) throw contradiction("unknown_drive", no);
    return story;
  }

  opened(open) {
    must(!this.open, "opened_twice");
    must((open.key_origin === "stick") === (open.credential !== null), "key_origin");
    this.open = open;
  }

  async inventory({ drives }) {
    for (const drive of drives) {
      const known = this.drives.get(drive.no);
      if (known) {
        const same = sameJson(known.drive.identity, drive.identity) && known.drive.medium === drive.medium;
        must(same, "drive_changed", drive.no);
        // Who it is stays; whether it may be offered, and where it sits, can change.
        known.drive = drive;
      } else {
        this.drives.set(drive.no, new DriveStory(drive, await identityFingerprint(drive.identity)));
      }
    }
  }

  chosen(choices) {
    for (const declared of [choices.labels ?? [], choices.exceptions ?? []]) {
      const seen = new Set();
      for (const { drive } of declared) {
        this.of(drive);
        must(!seen.has(drive), "declared_twice", drive);
        seen.add(drive);
      }
    }
    // Another class asks for another plan.
    this.plan = null;
    this.choices = choices;
  }

  planned(plan) {
    must(this.choices, "plan");
    const attested = (this.choices.attestations ?? []).map((attestation) => attestation.drive);
    for (const line of plan.drives) {
      this.of(line.drive).checkPlan(line);
      const erasesKey = isCryptoErase(eraseOf(line.action)?.technique);
      must(!erasesKey || attested.includes(line.drive), "not_attested", line.drive);
    }
    for (const story of this.inOrder()) {
      const lines = plan.drives.filter((line) => line.drive === story.drive.no);
      must(lines.length === 1, "plan", story.drive.no);
      [story.plan] = lines;
      story.exception = (this.choices.exceptions ?? []).find((one) => one.drive === story.drive.no) ?? null;
    }
    this.plan = { digest: plan.digest, confirmed: false };
  }

  confirmed({ digest }) {
    must(this.plan?.digest === digest, "plan");
    this.plan.confirmed = true;
  }

  intent(intent) {
    const story = this.of(intent.drive);
    const erase = story.plan && eraseOf(story.plan.action);
    must(this.plan?.confirmed && erase?.technique === intent.technique, "not_confirmed", intent.drive);
    must(intent.identity_fingerprint === story.fingerprint, "another_drive", intent.drive);
    must(!(story.byHand && handReach(story.byHand)), "by_hand_before", intent.drive);
    story.byHand = null;
    const password = intent.password ?? story.unfinished?.password;
    // What was proven before does not hold for a drive that is being worked on again.
    Object.assign(story, { unfinished: { ...intent, password }, begun: true, ended: null, witnesses: [] });
  }

  step({ drive, what }) {
    const story = this.of(drive);
    // What was only read, or failed, needs no intent before it.
    must(story.begun || !WRITTEN_STEPS.includes(what.code), "not_begun", drive);
    story.steps.push(what);
  }

  finding(finding) {
    const { drive, result } = finding;
    const story = this.of(drive);
    const worked = result.achieved !== null || result.evidence.attempts.length > 0;
    must(!worked || story.begun, "not_begun", drive);
    story.checkResult(result);
    if (result.achieved !== null) story.unfinished = null;
    const ended = { finding, class: this.choices?.class ?? null };
    Object.assign(story, { begun: false, steps: [], witnesses: [], ended });
  }

  doneByHand(entry) {
    must(this.choices, "by_hand_order");
    const story = entry.drive === null ? null : this.of(entry.drive);
    must(!story?.begun, "by_hand_begun", entry.drive);
    must(entry.no === this.hands.length + 1, "by_hand_order");
    mustOfHand((story === null) === (entry.medium !== null), "by_hand_medium", entry.no);
    mustOfHand(comparable(entry.by) !== "", "by_hand_nobody", entry.no);
    const kind = story?.drive.medium ?? entry.medium.kind;
    const hand = { entry, kind, class: this.choices.class, witnesses: [] };
    this.hands.push(hand);
    if (story) story.byHand = hand;
  }

  witness(witness) {
    const name = comparable(witness.name);
    const isOperator = this.choices !== null && comparable(this.choices.operator) === name;
    must(name !== "" && !isOperator, "witness_is_operator");
    for (const no of witness.drives) {
      const story = this.of(no);
      must(story.ended, "not_begun", no);
      if (!story.witnesses.includes(witness.name)) story.witnesses.push(witness.name);
    }
    for (const no of witness.by_hand ?? []) {
      const hand = this.hands[no - 1];
      must(hand, "by_hand_order");
      must(comparable(hand.entry.by) !== name, "witness_is_operator");
      if (!hand.witnesses.includes(witness.name)) hand.witnesses.push(witness.name);
    }
    this.witnesses.push(witness);
  }

  closed(close, seq) {
    must(close.entries === seq + 1, "close_count");
    close.drives.forEach((line) => this.of(line.drive));
    for (const story of this.inOrder()) {
      const { no } = story.drive;
      must(story.result(), "result_missing", no);
      const result = story.final();
      const lines = close.drives.filter((line) => line.drive === no);
      const agrees = (line) => line.outcome === result.outcome && line.verdict === verdictOf(result);
      must(lines.length === 1 && agrees(lines[0]), "close_differs", no);
    }
    this.handsAgree(close.by_hand ?? []);
    for (const story of this.inOrder()) {
      must(this.isErasedAsAWhole(story), "other_namespace", story.drive.no);
    }
    this.close = close;
  }

  handsAgree(said) {
    this.byHand().forEach(({ entry: { no }, result }, place) => {
      const line = said[place];
      const agrees = line?.no === no && line.outcome === result.outcome && line.verdict === verdictOf(result);
      mustOfHand(agrees, "close_differs_by_hand", no);
    });
    must(said.length === this.hands.length, "by_hand_order");
  }

  /** What was done by hand, and what it comes to: of a listed drive, what the drive comes to. */
  byHand() {
    return this.hands.map(({ entry, kind, witnesses, ...hand }) => {
      const story = entry.drive === null ? null : this.of(entry.drive);
      const own = handResult({ entry, kind, witnesses, ...hand });
      return { entry, kind, witnesses: [...witnesses], result: story?.final() ?? own };
    });
  }

  /** A medium is erased when every namespace on it is; one that was not begun or failed leaves the others unproven. */
  isErasedAsAWhole(story) {
    // What was done by hand says it of the whole medium.
    const technique = story.byHand ? null : story.reached();
    const count = technique && story.drive.capabilities[technique]?.["each-namespace"]?.count;
    if (count === null || count === undefined) return true;
    const one = story.drive.identity;
    const ofIt = (other) => {
      const { bus, model, serial } = other.drive.identity;
      const strongEnough = strength(other.achieved()) >= strength(story.achieved());
      return (
        bus === one.bus && model === one.model && serial === one.serial && other.reached() !== null && strongEnough
      );
    };
    return (
      new Set(
        this.inOrder()
          .filter(ofIt)
          .map((other) => other.drive.identity.namespace),
      ).size >= count
    );
  }

  report() {
    return {
      open: this.open,
      choices: this.choices,
      drives: this.inOrder().map((story) => story.report()),
      byHand: this.byHand(),
      witnesses: this.witnesses,
      notices: this.notices,
      closed: this.close?.reason ?? null,
    };
  }
}

/** What the entries say of one drive. */
class DriveStory {
  constructor(drive, fingerprint) {
    Object.assign(this, { drive, fingerprint, plan: null, begun: false, ended: null, witnesses: [] });
    /** The last intent, with the password of that or an earlier one; `steps`: what was seen since the last result. */
    Object.assign(this, { unfinished: null, steps: [] });
    /** The exception that the plan rests on; what was done to it by hand last. */
    Object.assign(this, { exception: null, byHand: null });
  }

  checkPlan(line) {
    must(line.identity_fingerprint === this.fingerprint, "plan", line.drive);
    const erase = eraseOf(line.action);
    if (!erase) return;
    must(this.drive.eligibility.verdict === "eligible", "ineligible", line.drive);
    const most = reach(erase.technique, this.drive.medium, this.drive.identity.bus);
    must(strength(most) >= strength(erase.method), "out_of_reach", line.drive);
  }

  checkResult(result) {
    const { no } = this.drive;
    must(isConsistent(result), "inconsistent", no);
    const excepted = this.exception !== null && this.plan.action.do === "erase";
    const awaitsWitness = result.outcome === "incomplete" && result.failure?.reason === "awaiting-witness";
    must(!excepted || !(result.outcome === "done" || awaitsWitness), "exception_done", no);
    must(excepted || result.outcome !== "awaiting-approval", "not_excepted", no);
    if (result.achieved === null) return;
    const asked = this.plan && askedOf(this.plan.action);
    const erase = this.plan && eraseOf(this.plan.action);
    must(asked !== null && asked === result.asked && erase, "asked_otherwise", no);
    const flaw = flawOf({ drive: this.drive, erase, steps: this.steps }, result);
    if (flaw) throw contradiction("not_proven", no, flaw);
  }

  /** The technique by which the drive reached what was asked of it, if it did. */
  reached() {
    const result = this.ended?.finding.result;
    const last = result?.evidence.attempts.at(-1);
    return last && result.achieved !== null && result.outcome !== "failed" ? last.technique : null;
  }

  achieved() {
    return this.ended?.finding.result.achieved ?? null;
  }

  /** The result, class and witness considered. */
  result() {
    if (!this.ended) return null;
    const {
      finding: { result },
      class: of,
    } = this.ended;
    if (this.witnesses.length > 0) return afterWitness(result);
    return of === 1 ? withoutWitness(result) : result;
  }

  /** The same, with what was done by hand in its place. */
  final() {
    return this.byHand ? handResult(this.byHand) : this.result();
  }

  report() {
    const result = this.result();
    const final = this.final();
    const atStake = this.drive.eligibility.verdict === "eligible" || this.begun;
    return {
      drive: this.drive,
      unfinished: this.unfinished,
      planned: this.plan?.action ?? null,
      period: this.ended?.finding.period ?? null,
      witnesses: [...this.witnesses],
      result,
      exception: this.exception,
      byHand: this.byHand?.entry.no ?? null,
      outcome: final?.outcome ?? (this.begun ? "incomplete" : null),
      verdict: final ? verdictOf(final) : atStake ? "must-not-leave" : null,
    };
  }
}

/** Names are compared without blanks and case. */
function comparable(name) {
  return [...name.replace(/\p{White_Space}/gu, "")].map((c) => c.toLowerCase()).join("");
}

function eraseOf(action) {
  if (action.do === "erase") return action.how;
  return action.do === "destruct" ? action.clear_first : null;
}

function askedOf(action) {
  if (action.do === "erase") return action.how.method;
  return action.do === "destruct" ? "destruct" : null;
}

async function identityFingerprint(identity) {
  const { bus, maker, model, serial, firmware, wwn, namespace, capacity, block } = identity;
  const fields = [BUS_NAMES[bus], maker, model, serial, firmware, wwn, `${namespace}`, capacity, `${block}`];
  const parts = fields.flatMap((field) => {
    const bytes = new TextEncoder().encode(field);
    const length = new DataView(new ArrayBuffer(8));
    length.setBigUint64(0, BigInt(bytes.length), true);
    return [new Uint8Array(length.buffer), bytes];
  });
  return sha256(concat(...parts));
}

/** Whether the parts of a result fit its outcome. */
function isConsistent({ outcome, asked, achieved, failure, not_covered: notCovered, evidence }) {
  const reached = achieved !== null && asked !== null && strength(achieved) >= strength(asked);
  const awaiting = failure?.reason === "awaiting-witness";
  switch (outcome) {
    case "done":
      return reached && failure === null && notCovered === null;
    case "incomplete":
    case "failed":
      if (awaiting) return outcome === "incomplete" && reached && notCovered === null;
      return failure !== null && notCovered === null;
    case "awaiting-destruction":
      return notCovered === null;
    case "awaiting-approval":
      return reached && (failure === null || awaiting) && notCovered === null;
    default:
      return notCovered !== null && achieved === null && evidence.attempts.length === 0;
  }
}

/** What was done by hand reaches by a person's word; null where it counts for nothing. */
function handReach({ entry: { handling }, kind }) {
  if (handling === "destroyed") return "destruct";
  return handling === "degaussed" && kind === "hdd" ? "purge" : null;
}

/** What it comes to, class and witness considered. */
function handResult(hand) {
  const method = handReach(hand);
  const nothing = { failure: null, not_covered: null, evidence: { attempts: [] } };
  if (method === null) return { ...nothing, outcome: "awaiting-destruction", asked: "destruct", achieved: null };
  const done = { ...nothing, outcome: "done", asked: method, achieved: method };
  return hand.class === 1 && hand.witnesses.length === 0 ? withoutWitness(done) : done;
}

/** Class (1): what was proven waits for a witness. */
function withoutWitness(result) {
  const waits = ["awaiting-destruction", "awaiting-approval"].includes(result.outcome);
  const proven = waits && result.achieved !== null && result.failure === null;
  if (result.outcome !== "done" && !proven) return result;
  const outcome = result.outcome === "done" ? "incomplete" : result.outcome;
  return { ...result, outcome, failure: { reason: "awaiting-witness" } };
}

function afterWitness(result) {
  if (result.failure?.reason !== "awaiting-witness") return result;
  return { ...result, outcome: result.outcome === "incomplete" ? "done" : result.outcome, failure: null };
}

/** What may happen to the medium; null for 対象外, and for what was destroyed. */
function verdictOf({ outcome, achieved, failure }) {
  if (outcome === "done") return achieved === "destruct" ? null : "may-be-reused";
  if (outcome === "not-covered") return null;
  const cleared = outcome === "awaiting-destruction" && ["clear", "purge"].includes(achieved) && failure === null;
  return cleared ? "may-go-to-contractor" : "must-not-leave";
}
