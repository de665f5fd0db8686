//! English

use super::Problem;
use super::keys::KeyTexts;

const ASK_MANAGER: &str = "Do not rely on this log before the 情報セキュリティ管理者 has looked into it; compare it with the paper record.";

pub(super) const TEXTS: KeyTexts = KeyTexts {
    ask_root: "Passphrase of the root key",
    ask_new_root: "New passphrase for the root key (8 characters or more)",
    ask_new_stick: "Passphrase for the stick (8 characters or more, to be typed on the old PCs)",
    ask_again: "Once more",
    ask_line: "Line {line} of the backup",
    made: "The root key is made. Enter massho-organisation.json into the ledger (documents add).\n",
    rotated: "The next fiscal year's root key is made, and the one before vouches for it. Give the new massho-organisation.json to everyone who verifies logs (--organisation), and enter it into the ledger (documents add).\n",
    restored: "The root key's file is there again.\n",
    about: "  Organisation  {name}\n  Fiscal year   {year} ({from} to {until})\n  Fingerprint   {fingerprint}\n",
    backup: "\nWrite these four lines on paper, with the fingerprint, and keep them in the safe. Whoever has them has the\nkey, without any passphrase. They are shown this once.\n\n{lines}\n",
    prepared: "The stick is prepared.\n  Name   {stick}\n  Valid  {from} to {until}\n  Files  {files}\nWrite the name on the stick: it is what you revoke if the stick is lost.\n",
    prepared_logs: "The logs that were on it are still there: collect them.\n",
    revoked: "Stick {stick} is revoked. Verify with {path} from now on (--revocations), and enter it into the ledger (documents add).\n",
    released: "All {logs} logs on the stick were collected, and the stick says so. An appliance whose boot stick has your organisation's key may offer it for erasure; any other goes on refusing it.\n",
    unwritable: Problem {
        what: "{path} cannot be written ({detail}).",
        todo: "Check the permissions, the room, and a stick's write-protect switch.",
    },
    already_there: Problem {
        what: "{path} is there already, and nothing was changed.",
        todo: "Name another folder with --keys, or use the key that is there.",
    },
    no_organisation: Problem {
        what: "There is no organisation in {path}.",
        todo: "Name the folder that has massho-organisation.json with --keys, or make a key with key new.",
    },
    document: Problem {
        what: "{path} is not the document it should be ({detail}).",
        todo: "Put the original in its place; if there is none, report it.",
    },
    not_signed: Problem {
        what: "Nothing was signed ({detail}).",
        todo: "Try again; if it says the same, report it.",
    },
    no_terminal: Problem {
        what: "Nothing can be asked here ({detail}).",
        todo: "Run it in a terminal, or give the answer in a file (--help names the option).",
    },
    too_short: Problem {
        what: "The passphrase has fewer than 8 characters.",
        todo: "Choose a longer one; four or five words are good.",
    },
    not_typable: Problem {
        what: "The stick's passphrase has characters that an old PC's keyboard cannot type.",
        todo: "Use letters, digits and blanks; symbols lie elsewhere on other keyboards.",
    },
    two_passphrases: Problem {
        what: "The two passphrases differ, and nothing was changed.",
        todo: "Run the command again.",
    },
    wrong_passphrase: Problem {
        what: "The passphrase is another one, or the key's file was altered.",
        todo: "Try again; if you have forgotten it, put the file aside and restore the key from paper (key restore).",
    },
    memory: Problem {
        what: "This PC has too little memory to open the key.",
        todo: "Close other programs, or use a PC with at least 1 GB.",
    },
    sealed: Problem {
        what: "The key's file cannot be used ({detail}).",
        todo: "Put the original in its place, or restore the key from paper (key restore).",
    },
    backup_lines: Problem {
        what: "A backup has four lines, and these are more or fewer.",
        todo: "Type all four, each on its line.",
    },
    backup_line: Problem {
        what: "Line {line} of the backup is mistyped.",
        todo: "Compare it with the paper character by character, and run the command again.",
    },
    other_key: Problem {
        what: "This is another key than the one that massho-organisation.json names.",
        todo: "Use the backup, or the key's file, of the same organisation and fiscal year.",
    },
    no_name: Problem { what: "The organisation's name is empty.", todo: "Give it with --name." },
    fiscal_year: Problem {
        what: "{year} cannot be the fiscal year.",
        todo: "Give a later year than the present key's, in four digits.",
    },
    no_stick: Problem {
        what: "{path} is no mounted stick's folder with what is needed.",
        todo: "Mount the stick and name its top folder; logs are in its folder MASSHO-LOG.",
    },
    prepared_already: Problem {
        what: "The stick is prepared already ({path}), and nothing was changed.",
        todo: "Collect its logs and revoke its name as retired; then delete that folder and prepare it again.",
    },
    office_file: Problem {
        what: "{path} cannot be put on the stick ({detail}).",
        todo: "Correct the file and run the command again.",
    },
    no_day: Problem {
        what: "The stick would not count on any day on which the organisation's key does.",
        todo: "Give an earlier --until, or make the next fiscal year's key first (key rotate).",
    },
    no_stick_name: Problem {
        what: "That is no stick's name.",
        todo: "Give the 32 digits that stick prepare printed; verify prints them with each log.",
    },
    revoked_already: Problem {
        what: "The stick was revoked already, and nothing was changed.",
        todo: "Nothing is left to do but to verify with the list (--revocations).",
    },
    not_collected: Problem {
        what: "{file} on the stick was not collected, so the stick is not released.",
        todo: "Collect the stick first, and release it then.",
    },
    vouched: "Vouched for by",
    certified: "{organisation}, stick {stick}",
    unchecked: "\"{organisation}\", stick {stick}: not checked, no --organisation given",
    nobody: "nobody (unregistered key)",
    doubtful: "nobody: see above",
    unregistered: Problem {
        what: "Nobody vouches for this log: it was written on a stick that your office did not prepare.",
        todo: "Compare the key's fingerprint with the note of the screen (--key), or the head with the paper record (--head).",
    },
    certificate_altered: Problem {
        what: "The certificate of the stick was altered, or is none ({detail}).",
        todo: ASK_MANAGER,
    },
    foreign: Problem {
        what: "The stick was prepared by another organisation: \"{organisation}\", fingerprint {fingerprint}.",
        todo: "If that is your own earlier key, give its document with --organisation too; else return the stick to them and do not rely on this log.",
    },
    not_by_stick: Problem {
        what: "The session was not signed by the stick that it names: the credential is another session's.",
        todo: ASK_MANAGER,
    },
    stick_revoked: Problem {
        what: "The stick {stick} is revoked since {since}.",
        todo: "Rely on this log only if its head stands on the paper record of a session before that day (--head).",
    },
    not_yet_valid: Problem {
        what: "By the PC's clock the session was on {on}, and the stick counts from {from} only.",
        todo: "If the PC's battery was dead, let the paper record prove the day; else treat the log as one that nobody vouches for.",
    },
    expired: Problem {
        what: "By the PC's clock the session was on {on}, and the stick counted until {until} only.",
        todo: "Prepare the stick anew for the next round, and let the paper record prove the day of this one.",
    },
    table_not_signed: Problem {
        what: "The plan follows a rule table that your organisation did not sign.",
        todo: "Judge by the built-in table what was achieved, and keep the media in the building until then.",
    },
    table_signed: " (the organisation's own, signed; it may be looser than the built-in one)",
};
