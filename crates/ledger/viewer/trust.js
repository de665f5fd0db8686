// Who vouches for a log (FORMAT.md, "Who vouches for a log"): by the office's documents, which are built into the page
// or entered on it, and never by what a stick brings.

const DOMAINS = {
  organisation: "massho-organisation-v1",
  stick: "massho-stick-v1",
  revocations: "massho-revocations-v1",
  session: "massho-session-v1",
  rotation: "massho-rotation-v1",
};
const domainOf = (kind) => new TextEncoder().encode(`${DOMAINS[kind]}\0`);
const POLICY_FILE = "massho-policy.toml";

/** Why a document is none. */
class NoDocument extends Error {}

const validity = object({ from: day, until: day });
const DOCUMENTS = {
  organisation: object({
    name: text,
    fiscal_year: number,
    public_key: hex(32),
    valid: validity,
    previous: nullable(object({ public_key: hex(32), signature: hex(64) })),
  }),
  stick: object({
    stick: hex(16),
    public_key: hex(32),
    organisation_key: hex(32),
    organisation: text,
    issued: day,
    valid: validity,
    files: list(object({ name: text, sha256: hex(32) })),
  }),
  revocations: object({
    organisation_key: hex(32),
    organisation: text,
    number,
    issued: day,
    sticks: list(object({ stick: hex(16), since: day, reason: word("lost", "passphrase-known", "retired") })),
  }),
};

/** Reads the line of a document of a kind, without its LF, and checks that the key it names signed it. */
async function readDocument(kind, line) {
  const { format, sig, ...members } = documentMembers(line);
  if (format !== `massho-${kind}/1` || !line.startsWith(`{"format":"${format}",`)) throw new NoDocument("another kind");
  try {
    DOCUMENTS[kind](members);
  } catch (error) {
    throw error instanceof NotUnderstood ? new NoDocument(error.message) : error;
  }
  const signed = new TextEncoder().encode(line.slice(0, line.length - SUFFIX_LENGTH));
  const key = members.organisation_key ?? members.public_key;
  if (!(await signedBy(key, domainOf(kind), signed, fromHex(sig))))
    throw new NoDocument("altered, or signed by another key");
  if (kind === "organisation") await checkOrganisation(line, members);
  return members;
}

function documentMembers(line) {
  try {
    const members = parseJson(line);
    if (SUFFIX.test(line) && isObject(members)) return members;
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
  }
  throw new NoDocument("no document");
}

/** Its days are possible, and the key before, where it names one, signed for it. */
async function checkOrganisation(line, { valid, previous }) {
  if (valid.from > valid.until) throw new NoDocument("valid on no day");
  if (!previous) return;
  const { public_key: key, signature } = previous;
  const member = `,"previous":{"public_key":"${key}","signature":"${signature}"}`;
  const signed = line.slice(0, line.length - SUFFIX_LENGTH);
  const begin = new TextEncoder().encode(signed.slice(0, signed.length - member.length));
  const holds = signed.endsWith(member) && (await signedBy(key, domainOf("rotation"), begin, fromHex(signature)));
  if (!holds) throw new NoDocument("the key before did not sign for this one");
}

const hasKey = (organisation, key) => organisation.public_key === key || organisation.previous?.public_key === key;

/** Who vouches: `is` names a sentence of the catalogue's trust, `values` fill it; `doubtful` asks for a person. */
async function trustOf({ open, choices }, office) {
  const trust = open.credential
    ? await trustByCredential(open, office)
    : { is: "unregistered", values: {}, doubtful: false, asked: office.organisations.length > 0 };
  const policy = choices?.policy;
  if (trust.doubtful || policy?.origin !== "signed") return trust;
  const certificate = open.credential && JSON.parse(open.credential.certificate);
  const listed = certificate?.files.find((file) => file.name === POLICY_FILE);
  return listed && listed.sha256 === policy.sha256 ? trust : doubt("table-not-signed");
}

const doubt = (is, values = {}) => ({ is, values, doubtful: true });

async function trustByCredential(open, { organisations, revocations }) {
  let certificate;
  try {
    certificate = await readDocument("stick", open.credential.certificate);
  } catch (error) {
    if (error instanceof NoDocument) return doubt("altered", { detail: error.message });
    throw error;
  }
  const { stick, organisation_key: key, valid } = certificate;
  const organisation =
    organisations.find((one) => one.public_key === key) ?? organisations.find((one) => hasKey(one, key));
  if (!organisation && organisations.length > 0) {
    const fingerprint = await fingerprintOf(key);
    return doubt("foreign", { organisation: certificate.organisation, fingerprint });
  }
  const signature = fromHex(open.credential.signature);
  if (!(await signedBy(certificate.public_key, domainOf("session"), claimOf(open), signature)))
    return doubt("not-signed");
  const revoked = revocations.flatMap((one) => one.sticks).find((one) => one.stick === stick);
  if (revoked) return doubt("revoked", { stick, since: revoked.since });
  const values = { organisation: organisation?.name ?? certificate.organisation, stick, until: valid.until };
  if (!organisation) return { is: "unchecked", values, doubtful: false };
  const on = open.clock.wall.slice(0, 10);
  // A certificate of the key before is held against its own days only.
  for (const days of organisation.public_key === key ? [valid, organisation.valid] : [valid]) {
    if (on < days.from) return doubt("not-yet-valid", { from: days.from, on });
    if (on > days.until) return doubt("expired", { until: days.until, on });
  }
  return { is: "certified", values, doubtful: false };
}

/** What the stick's key signs: four lines. */
function claimOf({ session, public_key: key, stick }) {
  const lines = [session, key, `${stick.session_counter}`, stick.previous?.head ?? ZERO_HASH];
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
}

/** Reads the office's documents from lines; `refused` counts those that are none. */
async function readOffice(lines) {
  const office = { organisations: [], revocations: [], refused: 0 };
  const kinds = lines.map((line) =>
    line.startsWith('{"format":"massho-revocations/') ? "revocations" : "organisation",
  );
  // Organisations first: revocations count only by one of them.
  for (const wanted of ["organisation", "revocations"]) {
    for (const line of lines.filter((_, place) => kinds[place] === wanted)) {
      try {
        const document = await readDocument(wanted, line);
        const own =
          wanted === "organisation" || office.organisations.some((one) => hasKey(one, document.organisation_key));
        if (!own) throw new NoDocument("another organisation's");
        office[wanted === "organisation" ? "organisations" : "revocations"].push(document);
      } catch (error) {
        if (!(error instanceof NoDocument)) throw error;
        office.refused += 1;
      }
    }
  }
  return office;
}
