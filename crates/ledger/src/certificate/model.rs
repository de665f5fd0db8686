//! What a certificate says, before it is put into words: what the log proves of one drive, and what the office knows.

use super::facts::OfficeFacts;
use super::subject;
use crate::judge::BeforeFault;
use crate::store::Part;
use model::{DriveNo, Outcome, Verdict};
use record::{
    Choices, CloseReason, Doubt, DriveReport, EntryHash, Fingerprint, HandReport, Notice, Open, Report,
    Standing, Trust,
};

/// Everything that one certificate says.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// The session in which it was done.
    pub open: Open,
    /// What the operator chose.
    pub choices: Option<Choices>,
    /// The drive, what was done to it and how it is known.
    pub drive: DriveReport,
    /// What was done to it by hand, in the place of what the program did.
    pub hand: Option<HandReport>,
    /// What else happened, to the drive or to all of the session.
    pub notices: Vec<Notice>,
    /// How the log was verified.
    pub log: LogState,
    /// The outcome, by the guideline's words.
    pub outcome: CertifiedOutcome,
    /// What may happen to the medium.
    pub verdict: Option<Verdict>,
    /// What the office knows beside the log.
    pub office: OfficeFacts,
}

/// How the log was verified.
#[derive(Debug, Clone)]
pub struct LogState {
    /// Its file's name.
    pub file: String,
    /// Why the session ended; `None` when it is 未完結.
    pub closed: Option<CloseReason>,
    /// How many entries are proven.
    pub entries: u32,
    /// The hash of the last of them.
    pub head: EntryHash,
    /// The fingerprint of the key that signed them.
    pub fingerprint: Fingerprint,
    /// Who vouches for that key.
    pub trust: Trust,
    /// Whether that fingerprint agrees with a note made from the screen.
    pub key: Compared,
    /// Whether the twelve characters of the head agree with those on the paper record.
    pub witness: Compared,
    /// What is wrong with the session before on the same stick.
    pub before: Option<BeforeFault>,
    /// Who tells the day, where the PC's clock makes it doubtful who vouches.
    pub day: Day,
}

/// Who tells the day of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// The PC's clock.
    OfClock,
    /// The paper record, or somebody who compared the key with the screen.
    OfPeople,
}

impl LogState {
    /// Whether somebody has to look into it before anybody relies on the log.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        let of_clock =
            matches!(&self.trust, Trust::Doubtful(Doubt::NotYetValid { .. } | Doubt::Expired { .. }));
        self.trust.is_doubtful() && !(of_clock && self.day == Day::OfPeople)
    }
}

/// Whether something was compared with a note made elsewhere. One that disagrees leaves no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// It was, and agrees.
    Agrees,
    /// Nobody gave a note.
    Not,
}

/// The guideline's outcomes, those that only the office can give among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertifiedOutcome {
    /// 完了
    Done,
    /// 例外付き完了: by a lesser method, under an approved exception.
    DoneWithException,
    /// 未完了
    Incomplete,
    /// 失敗
    Failed,
    /// 破壊待ち
    AwaitingDestruction,
    /// 対象外
    NotCovered,
    /// 引渡済
    HandedOver,
    /// 破壊確認済
    DestructionConfirmed,
    /// 承認待ち
    AwaitingApproval,
    /// 未完結: the session was not closed, and nothing of the drive stands before its end.
    Unfinished,
}

impl CertifiedOutcome {
    /// Its name in the catalogues.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::DoneWithException => "done-with-exception",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
            Self::AwaitingDestruction => "awaiting-destruction",
            Self::NotCovered => "not-covered",
            Self::HandedOver => "handed-over",
            Self::DestructionConfirmed => "destruction-confirmed",
            Self::AwaitingApproval => "awaiting-approval",
            Self::Unfinished => "unfinished",
        }
    }

    /// Every one of them.
    pub const ALL: [Self; 10] = [
        Self::Done,
        Self::DoneWithException,
        Self::Incomplete,
        Self::Failed,
        Self::AwaitingDestruction,
        Self::NotCovered,
        Self::HandedOver,
        Self::DestructionConfirmed,
        Self::AwaitingApproval,
        Self::Unfinished,
    ];
}

impl From<Outcome> for CertifiedOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Incomplete => Self::Incomplete,
            Outcome::Failed => Self::Failed,
            Outcome::AwaitingDestruction => Self::AwaitingDestruction,
            Outcome::AwaitingApproval => Self::AwaitingApproval,
            Outcome::NotCovered => Self::NotCovered,
        }
    }
}

impl Certificate {
    /// What a log proves of each of its drives, as certificates. None for a log that does not verify: nobody should
    /// act on what it says of any drive.
    #[must_use]
    pub fn of_log(
        file: &str,
        report: &Report,
        before: Option<&BeforeFault>,
        trust: &Trust,
        notes: Notes,
    ) -> Vec<Self> {
        let (Some(open), Some(fingerprint)) = (&report.open, report.fingerprint()) else { return Vec::new() };
        if report.standing() == Standing::Refused {
            return Vec::new();
        }
        let log = LogState {
            file: file.to_owned(),
            closed: report.closed,
            entries: report.entries,
            head: report.head,
            fingerprint,
            trust: trust.clone(),
            key: notes.key,
            witness: notes.witness,
            before: before.cloned(),
            day: Day::OfClock,
        };
        let of = |drive: DriveReport, hand: Option<&HandReport>| Self {
            open: open.clone(),
            choices: report.choices.clone(),
            hand: hand.cloned(),
            notices: concerning(report, drive.drive.no),
            log: log.clone(),
            outcome: drive.outcome.map_or(CertifiedOutcome::Unfinished, CertifiedOutcome::from),
            verdict: drive.verdict,
            office: OfficeFacts::default(),
            drive,
        };
        let of_drive = |drive: &DriveReport| {
            let hand = report.by_hand.iter().find(|hand| Some(hand.entry.no) == drive.by_hand);
            of(subject::handled(drive, hand), hand)
        };
        let unseen = report.by_hand.iter().filter(|hand| hand.entry.drive.is_none());
        let unseen = unseen.map(|hand| of(subject::nothing_reported(hand), Some(hand)));
        report.drives.iter().map(of_drive).chain(unseen).collect()
    }

    /// Whether it certifies a completed sanitization: 完了 in a session that was closed, by a key that nobody has to look
    /// into first.
    #[must_use]
    pub fn is_of_completion(&self) -> bool {
        let done = matches!(self.outcome, CertifiedOutcome::Done | CertifiedOutcome::DoneWithException);
        done && self.log.closed.is_some() && !self.log.is_doubtful()
    }

    /// The number of the record: the session and the drive's number in it.
    #[must_use]
    pub fn record(&self) -> String {
        match self.part() {
            Part::Drive(no) => format!("{}-{no}", self.open.session),
            Part::ByHand(no) => format!("{}-H{no}", self.open.session),
        }
    }
}

/// Which notes of people agreed with the log.
#[derive(Debug, Clone, Copy)]
pub struct Notes {
    /// The fingerprint on the screen.
    pub key: Compared,
    /// The twelve characters on the paper record.
    pub witness: Compared,
}

fn concerning(report: &Report, no: DriveNo) -> Vec<Notice> {
    report.notices.iter().filter(|notice| notice.drive.is_none_or(|of| of == no)).cloned().collect()
}
