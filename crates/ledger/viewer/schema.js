// The members of every type of entry (FORMAT.md, "Entries"). A shape is a function that throws unless a value has
// that shape; nothing is converted, because every value has one spelling.

class NotUnderstood extends Error {}

function expect(holds, what) {
  if (!holds) throw new NotUnderstood(what);
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value) => expect(typeof value === "string", "a text is expected");
const word =
  (...words) =>
  (value) =>
    expect(words.includes(value), `${value} is none of ${words}`);
const matching = (pattern, what) => (value) => expect(typeof value === "string" && pattern.test(value), what);
const whole = (most) => (value) =>
  expect(Number.isInteger(value) && value >= 0 && value <= most, "a number is expected");
const nullable = (shape) => (value) => value === null || shape(value);
const list = (shape) => (value) => {
  expect(Array.isArray(value), "a list is expected");
  value.forEach(shape);
};

/** A member that is left out when it says nothing: then it may not be there at all. */
const unless = (isNothing, shape) =>
  Object.assign(
    (value) => {
      expect(!isNothing(value), "a member that says nothing is left out");
      shape(value);
    },
    { optional: true },
  );

const object = (members) => (value) => {
  expect(isObject(value), "an object is expected");
  for (const name of Object.keys(value)) expect(Object.hasOwn(members, name), `${name} is not known`);
  for (const [name, shape] of Object.entries(members)) {
    if (name in value) shape(value[name]);
    else expect(shape.optional, `${name} is missing`);
  }
};

/** An object of which one member says which others it has. */
const tagged = (tag, kinds) => (value) => {
  expect(isObject(value) && Object.hasOwn(kinds, value[tag] ?? ""), `${tag} is not known`);
  object({ [tag]: text, ...kinds[value[tag]] })(value);
};

/** The same members for several words. */
const each = (words, members) => Object.fromEntries(words.map((one) => [one, members]));

const hex = (bytes) => matching(new RegExp(`^[0-9a-f]{${2 * bytes}}$`), "lower-case hexadecimal is expected");
const deviceText = matching(/^([\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?)?$/, "a device's text is expected");
const drive = whole(0xffff);
const byte = whole(0xff);
const number = whole(0xffff_ffff);
const count = (value) => {
  matching(/^(0|[1-9][0-9]{0,19})$/, "a decimal number is expected")(value);
  expect(BigInt(value) < 1n << 64n, "a number below 2^64 is expected");
};
const time = matching(
  /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)$/,
  "a time is expected",
);
/** A day of the calendar. */
const day = (value) => {
  matching(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, "a day is expected")(value);
  const [year, month, of] = value.split("-").map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  expect(of >= 1 && of <= (days[month - 1] ?? 0), "no day of the calendar");
};
const at = object({ wall: time, monotonic_ms: count });
const blockSize = (value) =>
  expect([512, 1024, 2048, 4096, 8192, 16384, 32768, 65536].includes(value), "no block size");

const TECHNIQUES = [
  "random-overwrite",
  "ata-security-erase-normal",
  "ata-security-erase-enhanced",
  "ata-sanitize-block-erase",
  "ata-sanitize-crypto-scramble",
  "ata-sanitize-overwrite",
  "scsi-sanitize-overwrite",
  "scsi-sanitize-block-erase",
  "scsi-sanitize-crypto-erase",
  "scsi-format-unit",
  "nvme-format-user-data",
  "nvme-format-crypto",
  "nvme-sanitize-block-erase",
  "nvme-sanitize-crypto-erase",
  "nvme-sanitize-overwrite",
  "degauss",
];
const CONDITIONS = [
  "security-frozen",
  "password-set",
  "locked",
  "attempts-used-up",
  "sanitize-frozen",
  "sanitizing",
  "sanitize-failed",
  "formatting",
  "format-corrupt",
];
const technique = word(...TECHNIQUES);
const method = word("clear", "purge", "destruct");
const verificationKind = word("full-stream", "full-constant", "sampled");
const OUTCOMES_BEFORE_3 = ["done", "incomplete", "failed", "awaiting-destruction", "not-covered"];
const outcomeBefore3 = word(...OUTCOMES_BEFORE_3);
const outcome = word(...OUTCOMES_BEFORE_3, "awaiting-approval");
const verdict = nullable(word("may-be-reused", "may-go-to-contractor", "must-not-leave"));
const rawStatus = list(object({ name: text, value: text }));

const identity = object({
  bus: word("ata", "nvme", "scsi", "usb", "mmc", "other"),
  maker: deviceText,
  model: deviceText,
  serial: deviceText,
  firmware: deviceText,
  wwn: deviceText,
  namespace: number,
  capacity: count,
  block: blockSize,
});
const either = (words, other) => (value) => (typeof value === "string" ? word(...words)(value) : other(value));
const mediumSource = either(
  ["non-rotating", "nvme", "usb-removable", "optical-type", "assumed-flash", "person"],
  object({ "rotation-rate": whole(0xffff) }),
);
const support = either(
  ["supported", "unsupported", "frozen", "locked", "other-namespaces", "behind-usb", "unknown"],
  object({ "each-namespace": object({ count: whole(0xffff) }) }),
);
const capabilities = (value) => {
  expect(isObject(value), "an object is expected");
  for (const [name, one] of Object.entries(value)) {
    technique(name);
    support(one);
  }
};
const INELIGIBLE = [
  "boot-stick",
  "results-stick",
  "holds-logs",
  "in-use",
  "read-only",
  "no-medium",
  "locked",
  "erasing-itself",
  "optical",
  "same-identity",
];
const ineligible = tagged("reason", {
  ...each(INELIGIBLE, {}),
  ...each(["mounted", "held-by", "unidentified", "unchecked"], { detail: deviceText }),
});
const eligibility = tagged("verdict", { eligible: {}, ineligible: { reasons: list(ineligible) } });
const conditions = (value) => {
  list(word(...CONDITIONS))(value);
  const places = value.map((one) => CONDITIONS.indexOf(one));
  expect(
    places.every((place, i) => i === 0 || places[i - 1] < place),
    "conditions stand in their order, once each",
  );
};
const area = tagged("is", { "not-reported": {}, none: {}, present: { native: count } });
const areas = object({ hpa: area, dco: area, amax: area });
const nothingKnown = (value) =>
  isObject(value) && ["hpa", "dco", "amax"].every((name) => value[name]?.is === "not-reported");
const isEmptyList = (value) => Array.isArray(value) && value.length === 0;
const isNull = (value) => value === null;

const erase = object({
  method,
  technique,
  passes: byte,
  verification: verificationKind,
  lift: unless((value) => value === "nothing", word("max-address", "max-address-and-dco")),
});
const action = tagged("do", {
  erase: { how: erase },
  destruct: { clear_first: nullable(erase) },
  leave: { reason: word("ineligible", "by-choice", "not-in-plan") },
});
const stepKind = tagged("code", {
  ...each(
    [
      "areas-lifted",
      "password-set",
      "password-cleared",
      "following",
      "accepted",
      "ended",
      "read-back-begun",
      "read-back-ended",
      "stalled",
      "recovered",
      "stop-asked",
    ],
    {},
  ),
  "canaries-planted": { count: number },
  "pass-done": { pass: byte },
  "canaries-checked": { surviving: number },
  failed: { detail: text },
});
const failure = tagged("reason", {
  ...each(
    [
      "vanished",
      "identity-changed",
      "other-namespace",
      "blocks-not-erased",
      "medium-unchanged",
      "read-back-differs",
      "intent-not-saved",
      "awaiting-witness",
      "stopped",
    ],
    {},
  ),
  ...each(
    [
      "not-exclusive",
      "command-rejected",
      "indeterminate",
      "drive-failed",
      "stalled",
      "left-locked",
      "area-hidden",
      "io",
      "internal",
    ],
    { detail: text },
  ),
});
const content = tagged("is", { constant: { byte }, constants: {}, other: {}, unreadable: {} });
const evidence = object({
  attempts: list(object({ technique, command: text, passes: byte, raw_status: rawStatus })),
  canaries: nullable(object({ planted: number, surviving: number, unreadable: number })),
  verification: nullable(
    object({
      kind: verificationKind,
      bytes: count,
      of: count,
      seed: text,
      found: unless(isNull, content),
    }),
  ),
  errors: object({ unwritable: count, unreadable: count, different: count, first: list(count) }),
  hidden: unless(isNull, object({ before: areas, after: areas })),
});

const image = object({ version: text, commit: text, kernel: text, cmdline: text });
const openMembers = {
  format: text,
  session: hex(16),
  public_key: hex(32),
  clock: object({
    wall: time,
    rtc_plausible: nullable(word(true, false)),
    confirmed_by_person: word("confirmed", "corrected", "not-confirmed"),
  }),
  pc: object({ maker: deviceText, model: deviceText, serial: deviceText, uuid: deviceText }),
  stick: object({
    identity_fingerprint: text,
    serial: deviceText,
    volume_id: deviceText,
    session_counter: number,
    previous: nullable(object({ file: text, head: hex(32) })),
  }),
};
const choicesBefore3 = {
  operator: text,
  asset_number: text,
  witness: nullable(text),
  class: word(1, 2, 3),
  language: word("ja", "en"),
  attestations: unless(isEmptyList, list(object({ drive, by: text, cipher: text }))),
};
const choicesMembers = {
  ...choicesBefore3,
  drives_from: word("this-pc", "bench"),
  labels: unless(isEmptyList, list(object({ drive, asset_number: nullable(text), serial: nullable(text) }))),
  exceptions: unless(
    isEmptyList,
    list(object({ drive, reason: text, measure: text, approver: text, deadline: day })),
  ),
};
const declared = object({
  organisation: nullable(text),
  section: nullable(text),
  place: nullable(text),
  approver: nullable(text),
  carried_out_by: nullable(tagged("by", { staff: {}, contractor: { name: text } })),
  ownership: nullable(tagged("is", { own: {}, leased: { lessor: text, contract: text } })),
  destination: nullable(word("reuse", "return", "disposal", "destruction")),
  remarks: nullable(text),
});

const policy = object({
  version: text,
  origin: word("builtin", "custom", "signed"),
  sha256: nullable(hex(32)),
});
const resultWith = (ending) =>
  object({
    drive,
    period: nullable(object({ began: at, ended: at })),
    result: object({
      outcome: ending,
      asked: nullable(method),
      achieved: nullable(method),
      failure: nullable(failure),
      not_covered: nullable(word("ineligible", "by-choice", "not-in-plan")),
      evidence,
    }),
  });
const witnessMembers = { name: text, statement: word("saw-method-carried-out"), drives: list(drive) };
const closeMembers = (ending) => ({
  reason: word("finished", "aborted-by-operator", "nobody-went-on", "internal-fault"),
  drives: list(object({ drive, outcome: ending, verdict })),
  entries: number,
});

const ENTRIES = {
  open: object({
    ...openMembers,
    key_origin: word("unregistered", "stick"),
    credential: nullable(object({ certificate: text, signature: hex(64) })),
    organisation_key: nullable(hex(32)),
    tool: object({ name: text, version: text, image, program: nullable(hex(32)) }),
  }),
  inventory: object({
    drives: list(
      object({
        no: drive,
        identity,
        medium: word("hdd", "ssd", "usb-stick", "optical"),
        medium_source: mediumSource,
        capabilities,
        eligibility,
        conditions: unless(isEmptyList, conditions),
        hidden: unless(nothingKnown, areas),
        position: deviceText,
      }),
    ),
    unreachable: list(deviceText),
  }),
  choices: object({ ...choicesMembers, declared, policy }),
  plan: object({
    digest: text,
    drives: list(
      object({
        drive,
        identity_fingerprint: text,
        action,
        rejected: list(object({ technique, why: text })),
      }),
    ),
  }),
  confirm: object({ digest: text, typed: text }),
  intent: object({
    drive,
    identity_fingerprint: text,
    serial: deviceText,
    technique,
    command: text,
    canary_seed: nullable(text),
    password: unless(isNull, text),
  }),
  step: object({ drive, technique, what: stepKind, raw_status: rawStatus }),
  result: resultWith(outcome),
  "by-hand": object({
    no: drive,
    drive: nullable(drive),
    medium: nullable(
      object({
        kind: word("hdd", "ssd", "usb-stick", "optical", "other"),
        maker: text,
        model: text,
        serial: text,
      }),
    ),
    asset_number: text,
    handling: word("destroyed", "degaussed", "set-aside"),
    how: text,
    by: text,
    on: day,
    photo_expected: word(true, false),
    remarks: text,
  }),
  witness: object({ ...witnessMembers, by_hand: unless(isEmptyList, list(drive)) }),
  notice: object({
    code: word(
      "stick-lost",
      "stick-returned",
      "stick-replaced",
      "drive-appeared",
      "drive-vanished",
      "clock-jumped",
      "clock-confirmed",
      "slept",
      "unlocked",
      "found-erasing",
      "followed-to-end",
      "stop-asked",
      "internal-fault",
      "other",
    ),
    drive: nullable(drive),
    detail: text,
  }),
  close: object({
    ...closeMembers(outcome),
    by_hand: unless(isEmptyList, list(object({ no: drive, outcome, verdict }))),
  }),
};

/** What the second format has otherwise. */
const { "by-hand": onlyIn3, ...ENTRIES_BEFORE_3 } = ENTRIES;
const ENTRIES_2 = {
  ...ENTRIES_BEFORE_3,
  choices: object({ ...choicesBefore3, declared, policy }),
  result: resultWith(outcomeBefore3),
  witness: object(witnessMembers),
  close: object(closeMembers(outcomeBefore3)),
};
/** What the first format has otherwise than the second. */
const ENTRIES_1 = {
  ...ENTRIES_2,
  open: object({
    ...openMembers,
    key_origin: word("unregistered"),
    tool: object({ name: text, version: text, image }),
  }),
  choices: object({ ...choicesBefore3, policy: object({ version: text, origin: word("builtin", "custom") }) }),
};
const NOBODY_WAS_ASKED = {
  organisation: null,
  section: null,
  place: null,
  approver: null,
  carried_out_by: null,
  ownership: null,
  destination: null,
  remarks: null,
};
/** How the entries of a format become the next one's. */
const UPGRADES_2 = { choices: (choices) => ({ ...choices, drives_from: "this-pc" }) };
const UPGRADES_1 = {
  open: (open) => ({ ...open, credential: null, organisation_key: null, tool: { ...open.tool, program: null } }),
  choices: (choices) => ({ ...choices, declared: NOBODY_WAS_ASKED, policy: { ...choices.policy, sha256: null } }),
};

/** The members of an entry of this type as the newest format has them; throws unless they are its members. */
function checkEntry(format, type, members) {
  const [entries, ...upgrades] = {
    "massho-log/1": [ENTRIES_1, UPGRADES_1, UPGRADES_2],
    "massho-log/2": [ENTRIES_2, UPGRADES_2],
    "massho-log/3": [ENTRIES],
  }[format];
  expect(Object.hasOwn(entries, type), `${type} is no type of entry`);
  entries[type](members);
  const one = (members, upgrade) => (Object.hasOwn(upgrade, type) ? upgrade[type](members) : members);
  return upgrades.reduce(one, members);
}
