// Whether the evidence proves the method that a result claims (FORMAT.md, "Meaning").

/** Sampling counts from a tenth of the medium. */
const SAMPLED_PART = 10n;
const REACH_ON_DISKS = {
  "ata-security-erase-normal": "clear",
  "ata-security-erase-enhanced": "purge",
  "ata-sanitize-overwrite": "purge",
  "ata-sanitize-crypto-scramble": "purge",
  degauss: "purge",
};
const REACH_ON_FLASH = {
  "ata-security-erase-normal": "clear",
  "ata-security-erase-enhanced": "clear",
  "ata-sanitize-overwrite": "clear",
  "ata-sanitize-crypto-scramble": "purge",
  "ata-sanitize-block-erase": "purge",
};

/** The strongest method that a technique can reach on a medium; null where it counts for nothing. */
function reach(technique, medium, bus) {
  if (medium === "optical") return null;
  if (technique === "random-overwrite") return "clear";
  // Firmware commands are not sent over USB, so none can have been carried out there.
  if (medium === "usb-stick" || bus === "usb") return null;
  if (technique.startsWith("scsi-")) return "purge";
  if (technique.startsWith("nvme-")) return medium === "hdd" ? null : "purge";
  return (medium === "hdd" ? REACH_ON_DISKS : REACH_ON_FLASH)[technique] ?? null;
}

/** What the evidence of a result lacks to prove what was achieved; null when it lacks nothing. */
function flawOf(claim, { achieved, evidence }) {
  const last = evidence.attempts.at(-1);
  if (!last) return "NoAttempt";
  if (evidence.attempts.some((attempt) => attempt.technique !== claim.erase.technique)) return "NotAsPlanned";
  const { medium, identity } = claim.drive;
  const overwrite = last.technique === "random-overwrite";
  const passes = Math.max(medium === "hdd" ? 1 : 2, claim.erase.passes);
  const tooFew = overwrite && last.passes < passes;
  if (tooFew || strength(reach(last.technique, medium, identity.bus)) < strength(achieved)) return "OutOfReach";
  return (
    (overwrite ? null : flawOfAnswer(last, evidence.canaries)) ??
    flawOfSteps(claim.steps, last) ??
    flawOfErrors(evidence.errors, last.technique) ??
    flawOfReadBack(claim, evidence.verification, last.technique) ??
    flawOfAreas(claim.erase.lift, evidence)
  );
}

function flawOfAnswer(attempt, canaries) {
  if (attempt.raw_status.length === 0) return "NoStatus";
  if (!canaries?.planted) return "NoCanaries";
  if (canaries.surviving > 0) return "CanariesSurvived";
  const allowed = isCryptoErase(attempt.technique) ? canaries.planted : 0;
  return canaries.unreadable > allowed ? "BlockErrors" : null;
}

function flawOfSteps(steps, last) {
  const seen = (code) => steps.some((step) => step.code === code);
  const passSeen = (pass) => steps.some((step) => step.code === "pass-done" && step.pass === pass);
  const everyPass = () => Array.from({ length: last.passes }, (_, index) => index + 1).every(passSeen);
  const asItShould = last.technique === "random-overwrite" ? everyPass() : seen("canaries-planted") && seen("ended");
  return asItShould ? null : "NotSeen";
}

/** After a crypto erase a read may fail without holding the old data; otherwise no error is allowed. */
function flawOfErrors({ unwritable, unreadable, different }, technique) {
  const written = unwritable === "0" && different === "0";
  return written && (unreadable === "0" || isCryptoErase(technique)) ? null : "BlockErrors";
}

function flawOfReadBack({ drive, erase }, verification, technique) {
  if (!verification) return "NotReadBack";
  const { kind, seed, found } = verification;
  const [bytes, of] = [BigInt(verification.bytes), BigInt(verification.of)];
  const sampled = kind === "sampled";
  if (sampled && erase.verification !== "sampled") return "ReadBackTooLittle";
  if ((technique === "random-overwrite") !== (kind === "full-stream")) return "ReadBackOtherwise";
  const tenth = (of + SAMPLED_PART - 1n) / SAMPLED_PART;
  const enough = sampled ? seed !== "" && bytes <= of && bytes >= tenth : bytes === of;
  // What was sampled says what it was; the other kinds say it by their name.
  if (sampled && !found) return "ReadBackTooLittle";
  // A crypto erase leaves noise, an enhanced erase a maker's pattern.
  const anything = isCryptoErase(technique) || technique === "ata-security-erase-enhanced";
  if (found?.is === "unreadable" || (found?.is === "other" && !anything)) return "ReadBackOtherwise";
  const allOfIt = of >= BigInt(drive.identity.capacity) && bytes > 0n;
  return enough && allOfIt ? null : "ReadBackTooLittle";
}

/** What was to be opened must be open afterwards, and read back. */
function flawOfAreas(lift, { hidden, verification }) {
  if (!lift) return null;
  if (!hidden) return "AreaHidden";
  const names = lift === "max-address-and-dco" ? ["hpa", "amax", "dco"] : ["hpa", "amax"];
  const of = BigInt(verification.of);
  const shut = names.some((name) => hidden.after[name].is === "present");
  const beyond = names.some((name) => hidden.before[name].is === "present" && of < BigInt(hidden.before[name].native));
  return shut || beyond ? "AreaHidden" : null;
}
