//! English

use super::Words;
use crate::texts::Problem;

pub(super) const WORDS: Words = Words {
    separator: ", ",
    bad_date: Problem { what: "{date} is no date.", todo: "Give it as YYYY-MM-DD." },
    no_ledger: Problem {
        what: "There is no ledger {path}.",
        todo: "Name it with --ledger, or begin one with: massho-ledger collect SOURCE.",
    },
    exists: Problem {
        what: "{path} is there already.",
        todo: "Name a file or folder that is not there yet; nothing is overwritten.",
    },
    not_a_ledger: Problem {
        what: "{path} is another kind of file than a ledger.",
        todo: "Name the ledger's file with --ledger.",
    },
    newer_ledger: Problem {
        what: "A later version of massho-ledger wrote {path}.",
        todo: "Use that version; nothing was changed.",
    },
    busy: Problem {
        what: "Somebody else is writing to {path}.",
        todo: "Wait until they are ready, and do it again; nothing was changed.",
    },
    damaged: Problem {
        what: "{path} is damaged ({detail}).",
        todo: "Take the last backup, and collect the sticks again; keep the damaged file.",
    },
    ledger_fails: Problem {
        what: "{path} cannot be read or written ({detail}).",
        todo: "Check the permissions and the room on the disk; nothing was changed.",
    },
    taken_verified: "{count} verified",
    taken_completed: "{count} completed after 未完結",
    taken_unclosed: "{count} 未完結 (not closed)",
    taken_beginnings: "{count} copies of a session's beginning",
    taken_refused: "{count} refused",
    taken_rivals: "{count} against another log of the same session",
    taken_known: "{count} known already",
    taken_nothing: "nothing",
    kept_apart: "kept apart",
    rival: Problem {
        what: "It and another log of the same session contradict each other, though each is signed.",
        todo: "Enter the characters of the paper record with: massho-ledger witness; without them neither counts.",
    },
    contradictory_drive: Problem {
        what: "The log claims more of the drive with serial number {serial} than its own words come to: {why}",
        todo: "Do not rely on this record; keep the drive in the building and report it.",
    },
    broken_link: Problem {
        what: "Session {session} of stick {stick} followed {file}, which is not there as it was then.",
        todo: "Collect the whole stick again; if it says the same, that log was removed or replaced: report it.",
    },
    disagreements: [
        "nobody chose a class and a rule table.",
        "it cites a rule table that this version does not have.",
        "nothing was carried out.",
        "the technique does not reach that on this medium.",
        "the rule table does not allow that technique for this class and medium.",
        "there were fewer passes than the rule table asks.",
        "the drive's status words do not say that it ended well.",
        "the canaries were not planted, or were still there.",
        "less was read back than the rule table asks.",
    ],
};
