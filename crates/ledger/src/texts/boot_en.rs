//! English

use super::Problem;
use super::boot::BootTexts;

const WRITE_ANEW: &str = "Keep this stick for whoever looks into it, and write another one; do not rely on what was erased with it before the 情報セキュリティ管理者 has.";

pub(super) const TEXTS: BootTexts = BootTexts {
    ask: "{path}: {model}, {gigabytes} GB\nEverything on it will be lost. Type {name} to go on: ",
    written: "{path} is a boot stick now: {len} bytes written, read back and the same.\n",
    no_key: "It has no organisation's key: an appliance started from it says of every prepared stick that it could not be checked. Put it there with boot prepare.\n",
    prepared: "The boot stick has the organisation's key now, read back.\n  Organisation    {name}\n  Fiscal year     {year}\n  Fingerprint     {fingerprint}\n  Revoked sticks  {revoked}\n",
    as_released: "massho {version} ({commit}): the first {len} bytes are as released.\n  SHA-256  {sha256}",
    as_released_signature: "massho {version} ({commit}): the first {len} bytes are as released, except for four that some systems write (the disk's signature in the MBR); with those of the release:\n  SHA-256  {sha256}",
    files_as_released: "massho {version} ({commit}): all {count} files are as released.",
    unlocked: "This release was built with other Debian packages than its source names (unlocked).",
    keyless: "No organisation's key is on it.",
    key_there: "The key of {name} is on it: {fingerprint}. Whether that is yours, --org-key tells.",
    key_yours: "Your organisation's key is on it: {name}, {fingerprint}.",
    not_proven: "What this does not prove: that the stick showed an old PC the same bytes as this one, and what that PC's own firmware does.",
    read_back: Problem {
        what: "{path} gives back other bytes than were written.",
        todo: "Use another stick: this one is broken, or is not what it says it is.",
    },
    no_manifest: Problem {
        what: "{path} is no manifest of a release ({detail}).",
        todo: "Take massho.manifest.json from where massho.iso came from.",
    },
    no_boot_stick: Problem {
        what: "There is no boot stick of massho in {path}.",
        todo: "Name the whole stick (/dev/DISK), an image, or the folder with the file massho/image.toml.",
    },
    not_today: Problem {
        what: "The organisation's key counts from {from} to {until}, and not today.",
        todo: "Take the present fiscal year's massho-organisation.json, or set this PC's clock.",
    },
    no_device: Problem {
        what: "{path} is no device.",
        todo: "Name the whole stick, /dev/DISK; lsblk lists them.",
    },
    partition: Problem {
        what: "{path} is a part of a disk.",
        todo: "Name the whole stick: the same without the number at the end.",
    },
    not_removable: Problem {
        what: "{path} is no stick that can be pulled, and nothing was written.",
        todo: "Look again which one is the stick; lsblk shows it with RM 1.",
    },
    read_only: Problem {
        what: "{path} is write-protected.",
        todo: "Move the stick's switch, or use another stick.",
    },
    in_use: Problem {
        what: "{path} is in use, and nothing was written.",
        todo: "Unmount it, or close what uses it.",
    },
    holds_records: Problem {
        what: "{path} holds {detail} records of massho, and nothing was written.",
        todo: "Collect them first, and use another stick for booting.",
    },
    too_small: Problem {
        what: "{path} has {len} bytes, and {needed} are needed.",
        todo: "Use a larger stick.",
    },
    not_confirmed: Problem {
        what: "That was not the device's name, and nothing was written.",
        todo: "Run the command again if it was the right one.",
    },
    altered: Problem {
        what: "The first {len} bytes are not those of massho {version} ({commit}), whose SHA-256 is {sha256}.",
        todo: WRITE_ANEW,
    },
    too_short: Problem {
        what: "It is shorter than the {len} bytes of the release.",
        todo: "Write the stick anew: the image is not whole.",
    },
    other_image: Problem {
        what: "It says of itself that it is image {found}, and the manifest is of {expected}.",
        todo: "Take the manifest of the version that was written to the stick.",
    },
    file_missing: Problem { what: "The file {file} is missing.", todo: "Write the stick anew." },
    file_altered: Problem { what: "The file {file} is not the one of the release.", todo: WRITE_ANEW },
    file_foreign: Problem {
        what: "The file {file} is not of the release and lies where the PC looks for something to start.",
        todo: WRITE_ANEW,
    },
    stranger: Problem {
        what: "The file {file} on the partition for the key is not of massho, and a PC might start it.",
        todo: "Delete it; if nobody knows who put it there, keep the stick for whoever looks into it, and write another one.",
    },
    unchecked: Problem {
        what: "{path} has a FAT or exFAT filesystem that cannot be read, so it may hold records, and nothing was written.",
        todo: "Look into it on another PC first; if nothing on it is needed, format it.",
    },
    key_missing: Problem {
        what: "Your organisation's key is not on it.",
        todo: "Put it there with boot prepare.",
    },
    key_unusable: Problem {
        what: "The organisation's key on it cannot be used ({detail}).",
        todo: "Put yours there with boot prepare.",
    },
    key_other: Problem {
        what: "The key on it is not yours: {name}, {fingerprint}.",
        todo: "Find out whose stick it is; if it is yours, put your key there with boot prepare.",
    },
    revocations_other: Problem {
        what: "Its list of revoked sticks is not the present one.",
        todo: "Put the present one there with boot prepare.",
    },
};
