//! What the screens ask the program to do. Nothing is done here.

use crate::{
    AssetCheck, Attestation, ByHand, Declared, Exception, Keyboard, Label, Language, Secret, StickNo,
};
use model::{ByHandNo, DriveNo, InformationClass};
use policy::{Confirmation, SessionPlan};
use serde::{Deserialize, Serialize};

/// One thing to be done outside, in the order in which [`crate::update`] returns them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The first key was pressed on this console: it is the one in use from now on. Send
    /// [`crate::Msg::SeatTaken`] to the models of all others. Always alone: a first key decides nothing else.
    ClaimSeat,
    /// Open this stick as the results stick. Answer with [`crate::Msg::StickOpened`]. May come again for another
    /// stick while nothing has begun.
    OpenStick(StickNo),
    /// Try this passphrase on the key of the stick that was opened. Takes seconds. Answer with
    /// [`crate::Msg::Unsealed`]. May come again with another one.
    Unseal(Secret),
    /// The operator goes on without the stick's key: nobody will vouch for the session.
    WithoutKey,
    /// Write the session's opening, inventory and choices. Answer with [`crate::Msg::Journal`]: the confirmation
    /// is refused until the journal is [`crate::Journal::Saved`]. Comes again, with the new answers, when the
    /// operator goes back and changes one before confirming; the last one counts.
    BeginSession(SessionAnswers),
    /// Look for drives again. The screens wait for [`crate::Msg::Scan`] with [`crate::ScanState::Done`].
    Rescan,
    /// The serial number on the label of this drive, which reports none, was typed twice: look again, and offer it if
    /// nothing else speaks against it. As for [`Effect::Rescan`], the screens wait for the end of that look.
    Labelled(DriveNo),
    /// The operator typed the plan's code. Write plan and confirmation, then begin the jobs. Answer with
    /// [`crate::Msg::Job`] and, for each drive that is erased, [`crate::Msg::JobFinished`].
    Confirmed {
        /// The plan that was on the screen.
        plan: SessionPlan,
        /// The proof that its code was typed.
        confirmation: Confirmation,
    },
    /// The seconds in which any key stops it are over: carry this plan out by the office's job list, if the list still
    /// names this PC and every drive to which it writes. Answer with [`crate::JobNews::Begun`], then as for
    /// [`Effect::Confirmed`]; or with [`crate::JobNews::Refused`].
    Ordered {
        /// The plan that was on the screen.
        plan: SessionPlan,
    },
    /// A plan that writes to no drive is to be recorded. No job follows; the results are shown at once.
    RecordOnly {
        /// The plan that was on the screen; `is_destructive()` is false.
        plan: SessionPlan,
    },
    /// Put the PC to sleep for [`crate::SLEEP_SECONDS`], so that frozen drives thaw: the journal is saved, nothing was
    /// begun. Take the results stick down before, and find and verify it after. Answer with [`crate::Msg::Slept`];
    /// nothing else is asked for until then.
    Sleep,
    /// Unlock this drive with the password that an interrupted session left on the results stick, and take the password
    /// off. Answer with [`crate::Msg::Unlocked`], and [`crate::Msg::Drives`].
    Unlock(DriveNo),
    /// Save what this drive answers to every question about itself as a file on the results stick. Writes nothing to the
    /// drive. Answer with [`crate::Msg::Probed`].
    Probe(DriveNo),
    /// Stop this drive's job; typed by the operator. Answer with [`crate::Msg::JobFinished`].
    StopJob(DriveNo),
    /// A witness who is not the operator confirmed. Answer with [`crate::Msg::Witnessed`] once it is in the log.
    WitnessConfirmed {
        /// The name they declared.
        name: String,
        /// The drives of which they stated it: every one that was erased.
        drives: Vec<DriveNo>,
        /// What was done by hand of which they stated it.
        by_hand: Vec<ByHandNo>,
    },
    /// Record what a person did to a medium without this program. It stays.
    ByHand(ByHand),
    /// Write the close entry. Answer with [`crate::Msg::Closed`].
    CloseSession(CloseReason),
    /// Try the results stick in use once more. Answer with [`crate::Msg::Journal`] (or `Closed`).
    TryStickAgain,
    /// Go on with this stick as the results stick. Answer as for [`Effect::TryStickAgain`].
    ContinueOn(StickNo),
    /// The operator takes the built-in rule table instead of the file that could not be used.
    UseBuiltinTable,
    /// Take the keys of the PC's own screen for those of this keyboard. Only ever asked before a stick was opened; the
    /// program ends, and its first screen comes back.
    UseKeyboard(Keyboard),
    /// Switch the PC off. Only ever asked when nothing is unsaved.
    PowerOff,
}

/// What the operator entered and chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionAnswers {
    /// 実施者, as declared.
    pub operator: String,
    /// Where the drives sit.
    pub drives_from: DrivesFrom,
    /// 資産管理番号; empty on a bench, where each drive has its own.
    pub asset_number: String,
    /// 立会職員, as declared, where one was named beforehand.
    pub witness: Option<String>,
    /// The class.
    pub class: InformationClass,
    /// How the class was arrived at.
    pub class_answer: ClassAnswer,
    /// What the operator said of the date and time shown.
    pub clock: ClockAnswer,
    /// The language of the screens.
    pub language: Language,
    /// What the session is for.
    pub purpose: Purpose,
    /// What else was declared.
    pub declared: Declared,
    /// What the office's asset list says of the number.
    pub asset_check: AssetCheck,
    /// The serial numbers of media that the list has for this number and that are not in the PC.
    pub missing_media: Vec<String>,
    /// What was read off the drives' labels, by drive number.
    pub labels: Vec<Label>,
    /// The exceptions by which lesser methods are planned, by drive number.
    pub exceptions: Vec<Exception>,
    /// What was attested of drives whose key may be erased, by drive number.
    pub attestations: Vec<Attestation>,
}

/// What the session is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Purpose {
    /// 抹消: each drive as its class and kind ask.
    #[default]
    Erase,
    /// Nothing is erased: what people did to media without this program is recorded.
    ByHand,
    /// 引渡前の消去: the media go to a contractor who destroys them, and are cleared in the office before (図表43).
    Handover,
}

/// Where the drives sit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DrivesFrom {
    /// このPCのドライブ
    #[default]
    ThisPc,
    /// 取り外したドライブ: on a bench, each taken out of a PC of its own. This PC is the workbench only.
    Bench,
}

/// How the class was arrived at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClassAnswer {
    /// The operator knew it.
    Known,
    /// The operator did not know: the strictest was taken.
    Unknown,
}

/// What a person said of the date and time shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClockAnswer {
    /// That they are right.
    Right,
    /// That they are wrong.
    Wrong,
}

/// Why the session ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CloseReason {
    /// Everything planned was carried out, whether or not it succeeded.
    Finished,
    /// The operator ended it before anything was confirmed; no drive was touched.
    Abandoned,
    /// Nobody went on after a sleep that may have left the screen dark; no drive was touched.
    InTheDark,
}
